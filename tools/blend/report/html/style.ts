/** Light and dark as the reader has it. */
export const STYLE = `
:root { color-scheme: light dark; --ground: #fff; --ink: #1b1b1b; --line: #d5d5d5; --good: #006b4a; --bad: #b00020; --care: #7a5200; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #16181c; --ink: #e6e6e6; --line: #3a3d44; --good: #4cd3a2; --bad: #ff8a8a; --care: #f0c060; }
}
body { background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1rem; }
table { border-collapse: collapse; display: block; font-size: 13px; overflow-x: auto; }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .6rem; text-align: left; }
#promises td:nth-child(n+4) { min-width: 20rem; }
td.number { font-variant-numeric: tabular-nums; text-align: right; }
figure { margin: 1rem 0; } figure svg { height: auto; max-width: 100%; }
.kept { color: var(--good); } .broken { color: var(--bad); font-weight: 600; } .not-tried, .refused, .mark { color: var(--care); }
`;
