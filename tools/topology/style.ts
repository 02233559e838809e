/** Colours by kind, in light and in dark; the text on them has at least the contrast of WCAG AA. */
export const STYLE = `
  .bg { fill: #ffffff } text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", Arial, sans-serif; fill: #1c2733; white-space: pre }
  .heading { font-size: 20px; font-weight: 700 } .subtitle { font-size: 13px }
  .title { font-size: 14px; font-weight: 600 } .line, .label { font-size: 12px } .line, .subtitle { fill: #46576a }
  rect { stroke-width: 1.5 }
  .network rect { fill: #fbfcfe; stroke: #b8c4d1 } .zone rect { fill: #f1f5fa; stroke: #9fb0c3 } .cluster rect { fill: #f2f7f0; stroke: #8fb083 }
  .services rect { fill: #fff7e0; stroke: #b98a10 } .external rect, .gateway rect { fill: #eef0f2; stroke: #7d8996 }
  .routers rect { fill: #e3f0ff; stroke: #2f7bd6 } .brokers rect { fill: #ffe9df; stroke: #d0582a }
  .masters rect, .nodes rect { fill: #dff0d8; stroke: #4f8a3c } .template rect { fill: #ffffff; stroke: #4f8a3c; stroke-dasharray: 5 3 }
  .mesh rect { fill: #f0ebff; stroke: #7d62c9 } .members rect { fill: #fff3ec; stroke: #a8583a }
  .wire { fill: none; stroke-width: 2 } .rpc .wire { stroke: #2f7bd6 } .notifications .wire { stroke: #d0582a; stroke-dasharray: 7 4 }
  .mesh .wire { stroke: #7d62c9; stroke-width: 1.5 } .members .wire { stroke: #a8583a; stroke-width: 1.5 }
  .route .wire { stroke: #6b7886; stroke-dasharray: 2 4 } .from .wire { stroke: #4f8a3c; stroke-width: 1.5 }
  .rpc .head { fill: #2f7bd6 } .notifications .head { fill: #d0582a } .route .head { fill: #6b7886 } .from .head { fill: #4f8a3c }
  @media (prefers-color-scheme: dark) {
    .bg { fill: #10161d } text { fill: #e8eef5 } .line, .subtitle { fill: #b3c1d1 }
    .network rect { fill: #131b23; stroke: #4a5a6b } .zone rect { fill: #1a2430; stroke: #5b6e82 } .cluster rect { fill: #172319; stroke: #5c7d53 }
    .services rect { fill: #332a10; stroke: #c79a1b } .external rect, .gateway rect { fill: #222a33; stroke: #7d8996 }
    .routers rect { fill: #12304f; stroke: #5b9bea } .brokers rect { fill: #47230f; stroke: #e58a60 }
    .masters rect, .nodes rect { fill: #1f3a1a; stroke: #79b565 } .template rect { fill: #10161d; stroke: #79b565 }
    .mesh rect { fill: #2a2145; stroke: #b9a4f5 } .members rect { fill: #33200f; stroke: #d69a7a }
    .rpc .wire { stroke: #79b0f2 } .notifications .wire { stroke: #f0956b } .mesh .wire { stroke: #b9a4f5 } .members .wire { stroke: #d69a7a }
    .route .wire { stroke: #8a99a9 } .from .wire { stroke: #79b565 }
    .rpc .head { fill: #79b0f2 } .notifications .head { fill: #f0956b } .route .head { fill: #8a99a9 } .from .head { fill: #79b565 }
  }`;
