const once = (tell) => {
  let told = false;
  return (message) => {
    if (!told) tell(message);
    told = true;
  };
};

/** For `create`: what the page calls of an instance, so that a panic or another fault in it is heard of, with its place. */
const guardian = (tell) => (exports) => {
  const guarded = (call) => (...values) => {
    try {
      return call(...values);
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) {
        const place = /wasm-function\[\d+\](:0x[\da-f]+)?/.exec(error.stack)?.[0];
        tell(place ? `${error.message} in ${place}` : error.message);
      }
      throw error;
    }
  };
  const each = ([name, value]) => [name, typeof value === "function" ? guarded(value) : value];
  return Object.fromEntries(Object.entries(exports).map(each));
};
