//! Sizes that only the browser knows, set through the object model: no policy for style attributes is asked.

use microapp::element::El;
use wasm_bindgen::{JsCast, prelude::wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    type Styled;
    #[wasm_bindgen(method, getter)]
    fn style(this: &Styled) -> Style;
    type Style;
    #[wasm_bindgen(method, js_name = setProperty)]
    fn set_property(this: &Style, name: &str, value: &str);
    #[wasm_bindgen(method, js_name = removeProperty)]
    fn remove_property(this: &Style, name: &str);
}

/// Sets a length in pixels, or takes it away.
pub fn set_length(element: &El, name: &str, pixels: Option<i32>) {
    let style = element.node().unchecked_ref::<Styled>().style();
    match pixels {
        Some(pixels) => style.set_property(name, &[&pixels.to_string(), "px"].concat()),
        None => style.remove_property(name),
    }
}
