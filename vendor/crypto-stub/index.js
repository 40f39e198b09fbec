// The Matrix SDK requires this package when it loads, but Nudge never encrypts through it.
// Every name resolves to a class that says so if somebody does use it.
const refuse = (name) => {
  throw new Error(`${String(name)} is not available: Nudge ships without the SDK's native crypto`)
}
module.exports = new Proxy(
  { __esModule: true },
  {
    get: (target, name) =>
      name in target || typeof name === 'symbol'
        ? target[name]
        : class {
            constructor() {
              refuse(name)
            }
            static initialize() {
              refuse(name)
            }
          },
  },
)
