const LIGHT = `color-scheme: light; --page: #f6f7f9; --card: #fff; --ink: #1c2733; --dim: #5b6b7c; --line: #d8dfe6;
  --replace: #b3261e; --delete: #8c1d40; --create: #1b7a3d; --update: #1f5fae; --stake: #fdecea; --code: #eef1f4;`;
const DARK = `color-scheme: dark; --page: #12171d; --card: #1b222b; --ink: #e4eaf0; --dim: #9aa9b8; --line: #323d49;
  --replace: #ff8a80; --delete: #ff8fb3; --create: #6fd08c; --update: #82b7ff; --stake: #3a1f1f; --code: #27313c;`;

/** The page's style; the toggle sets \`data-theme\`, and without it the reader's system decides. */
export const STYLE = `
:root { ${LIGHT} }
@media (prefers-color-scheme: dark) { :root:not([data-theme="light"]) { ${DARK} } }
:root[data-theme="dark"] { ${DARK} }
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif }
main, header { max-width: 70rem; margin: 0 auto; padding: 0 1.25rem }
header { display: flex; align-items: center; justify-content: space-between; padding-top: 1.25rem }
h1 { font-size: 1.35rem; margin: 0 } h2 { font-size: 1.05rem; margin: 1.75rem 0 .6rem }
button, input, select { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .35rem .65rem }
button { cursor: pointer } :focus-visible { outline: 2px solid var(--update); outline-offset: 1px }
code, pre { font: .86em/1.5 ui-monospace, monospace; background: var(--code); border-radius: 4px }
code { padding: .08em .3em; overflow-wrap: anywhere } pre { padding: .6rem .8rem; margin: .5rem 0; overflow-x: auto }
pre span { display: block } pre .gone { color: var(--replace) } pre .new { color: var(--create) } pre .same { color: var(--update) }
.card { background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--line); border-radius: 6px; padding: .5rem .8rem; margin: .4rem 0 }
.card.replace { border-left-color: var(--replace) } .card.delete { border-left-color: var(--delete) }
.card.create { border-left-color: var(--create) } .card.update { border-left-color: var(--update) }
.card.staked { background: var(--stake) }
.op { font-weight: 650 } .op.replace { color: var(--replace) } .op.delete { color: var(--delete) } .op.create { color: var(--create) } .op.update { color: var(--update) }
.where { color: var(--dim); font-size: .9em } .stake { font-weight: 600; margin: .2rem 0 0 } ul { margin: .2rem 0; padding-left: 1.2rem }
summary { cursor: pointer } .refused { color: var(--replace); font-weight: 650 } .approved { color: var(--create); font-weight: 650 }
table { border-collapse: collapse; background: var(--card); border: 1px solid var(--line) }
th, td { padding: .3rem .8rem; border-bottom: 1px solid var(--line); text-align: left } td.number, th.number { text-align: right; font-variant-numeric: tabular-nums }
form { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; background: var(--page); padding: .6rem 0; margin-top: 1rem }
form input { flex: 1 1 16rem } output { color: var(--dim) }
figure { margin: .5rem 0; background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .75rem; overflow-x: auto } figcaption { color: var(--dim); font-size: .9em }
[hidden] { display: none !important }
`;
