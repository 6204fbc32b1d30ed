const once = (tell) => {
  let told = false;
  return (message) => {
    if (told) return;
    told = true;
    tell(message);
  };
};

/** Whether code stopped halfway: at a panic, at an address that is none, or, by another name, with its stack at an end. */
const isFault = (error) =>
  error instanceof WebAssembly.RuntimeError || /call stack|recursion/.test(error?.message ?? "");

/** For `create`: what the page calls of an instance, so that a panic or another fault in it is heard of, with its place. */
const guardian = (tell) => (exports) => {
  const guarded = (call) => (...values) => {
    try {
      return call(...values);
    } catch (error) {
      if (isFault(error)) {
        const place = /wasm-function\[\d+\](:0x[\da-f]+)?/.exec(error.stack)?.[0];
        try {
          tell(place ? `${error.message} in ${place}` : error.message);
        } catch (failure) {
          console.error(failure);
        }
      }
      throw error;
    }
  };
  const each = ([name, value]) => [name, typeof value === "function" ? guarded(value) : value];
  return Object.fromEntries(Object.entries(exports).map(each));
};
