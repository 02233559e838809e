// What `pulumi` runs in a checkout. The package's own entry point is what other programs import.
module.exports = require("./dist/stacks/index.js");
