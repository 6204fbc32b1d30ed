//! A field of a form: its label, its control, and what is wrong with what is typed.

use crate::element::El;
use std::rc::Rc;

/// What a field is, whatever is typed into it.
#[derive(Clone, Copy, Debug)]
pub struct LabelledField<'f> {
    /// The scope of its style: [`class!`](crate::class).
    pub scope: &'static str,
    /// Its id on the page. What is wrong with it has this with `-error` behind.
    pub id: &'f str,
    /// What the server calls it.
    pub name: &'f str,
    /// What people call it, in the language of the page.
    pub label: &'f str,
    /// Whether it may stay empty.
    pub optional: bool,
    /// The ids of what else describes it, each with a blank behind.
    pub described: &'f str,
}

impl LabelledField<'_> {
    /// Label, control and error, in the order in which they stand. `control` is an input, a select or a textarea: they all
    /// have a `value`, which follows `text`; `typed` takes what people make of it, and `problem` says what is wrong with that.
    pub fn around(
        self,
        control: El,
        text: impl Fn() -> String + 'static,
        problem: impl Fn() -> Option<String> + 'static,
        typed: impl Fn(String) + 'static,
    ) -> [El; 3] {
        self.boxed(control, Box::new(text), Rc::new(problem), Box::new(typed))
    }

    #[inline(never)]
    fn boxed(
        self,
        control: El,
        text: Box<dyn Fn() -> String>,
        problem: Rc<dyn Fn() -> Option<String>>,
        typed: Box<dyn Fn(String)>,
    ) -> [El; 3] {
        let Self { scope, id, name, label, optional, described } = self;
        let el = |tag| El::new(scope, tag);
        let error_id = [id, "-error"].concat();
        let is_wrong = problem.clone();
        let control = control
            .class("input")
            .attrs(&[("id", id), ("name", name), ("aria-describedby", &[described, &error_id].concat())])
            .attr_when("aria-invalid", "true", move || is_wrong().is_some())
            .follow(move |control| {
                let text = text();
                if control.field().value() != text {
                    control.field().set_value(&text);
                }
            });
        let control = if optional { control } else { control.attr("required", "") };
        let read = control.clone();
        let control = control.on("input", move |_| typed(read.field().value()));
        let optional = optional.then(|| el("span").class("hint").text(" ").t("(optional)"));
        let label = el("label").class("label").attr("for", id).text(label).children(optional);
        let error =
            el("p").class("error").attr("id", &error_id).text_from(move || problem().unwrap_or_default());
        [label, control, error]
    }
}
