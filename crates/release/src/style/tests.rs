use super::*;
use contract::code::{Code, STYLE_ADDRESS, STYLE_CLASS, STYLE_IMPORTANT, STYLE_UNSCOPED};

fn sheet(app: &str, css: &str) -> Sheet {
    Sheet::new(Path::new("style.css"), app, None, css.into())
}

/// The rules after the reset. `.c` stands for what an own selector's last part gets, `.w` for the parts before.
fn rules(css: &str) -> String {
    let scoped = scope("x", &[sheet("x", css)]).unwrap_or_else(|error| panic!("{css}: {error}"));
    let (_, rules) = scoped[0].1.split_once("direction:inherit").unwrap();
    let (_, rules) = rules.split_once('}').unwrap();
    rules.trim().replace(".m-x:not(#_)", ".c").replace(":where(.m-x)", ".w")
}

fn check(css: &str, expected: &str) {
    assert_eq!(rules(css), expected, "{css}");
}

fn refused(css: &str, code: Code, place: &str, part: &str) {
    match scope("x", &[sheet("x", css)]) {
        Ok(scoped) => panic!("{css} was taken: {}", scoped[0].1),
        Err(error) => {
            assert_eq!((error.code, error.place.as_str()), (code, place), "{css}: {error}");
            assert!(error.what.contains(part), "{css}: {error}");
        }
    }
}

#[test]
fn plain_selectors() {
    check(".a{color:red}", ".a.c{color:red}");
    check("button{color:red}", "button.c{color:red}");
    check("*{color:red}", ".c{color:red}");
    check("#id{color:red}", "#id.c{color:red}");
    check("[data-x=\"a b]c\"]{color:red}", "[data-x=\"a b]c\"].c{color:red}");
    check(".a,.b{color:red}", ".a.c,.b.c{color:red}");
    check(".ä,.🐕{color:red}", ".ä.c,.🐕.c{color:red}");
    check("a.b[c]:hover{color:red}", "a.b[c]:hover.c{color:red}");
}

#[test]
fn combinators() {
    check(".row > a{color:red}", ".row.w>a.c{color:red}");
    check(".a .b .d{color:red}", ".a.w .b.w .d.c{color:red}");
    check(".a+.b~.d{color:red}", ".a.w+.b.w~.d.c{color:red}");
    check("a:hover>.b{color:red}", "a:hover.w>.b.c{color:red}");
    check(".a *{color:red}", ".a.w .c{color:red}");
    check("* > .b{color:red}", ".w>.b.c{color:red}");
}

#[test]
fn functions() {
    check("x:focus,.b:not(.c){color:red}", "x:focus.c,.b:not(.c).c{color:red}");
    check(":is(.a .b,.d){color:red}", ":is(.a .b,.d).c{color:red}");
    check(".a:where(.b,.d) .e{color:red}", ".a:where(.b,.d).w .e.c{color:red}");
    check(".a:has(> img, .b){color:red}", ".a:has(>img,.b).c{color:red}");
    check("li:nth-child(2n + 1 of .a){color:red}", "li:nth-child(odd of .a).c{color:red}");
}

#[test]
fn pseudo_elements() {
    check(".a::before{color:red}", ".a.c:before{color:red}");
    check("::placeholder{color:red}", ".c::placeholder{color:red}");
    check("input::placeholder{color:red}", "input.c::placeholder{color:red}");
    check(".a:hover::after{color:red}", ".a:hover.c:after{color:red}");
    check(".a::file-selector-button:hover{color:red}", ".a.c::file-selector-button:hover{color:red}");
    check("*,::before{box-sizing:border-box}", ".c,.c:before{box-sizing:border-box}");
}

#[test]
fn the_page_as_an_ancestor() {
    check(":root[data-theme=dark] .x{color:red}", ":root[data-theme=dark] .x.c{color:red}");
    check("html.dark .a .x{color:red}", "html.dark .a.w .x.c{color:red}");
    let dark = ":where(:root[data-theme=dark])";
    check(&format!("{dark} .x{{color:red}}"), &format!("{dark} .x.c{{color:red}}"));
    check(":is(html.dark,body.dark) .a .x{color:red}", ":is(html.dark,body.dark) .a.w .x.c{color:red}");
    check(":where(:is(html.dark)) .x{color:red}", ":where(:is(html.dark)) .x.c{color:red}");
    check(":is(html.dark .a,.b) .x{color:red}", ":is(html.dark .a,.b).w .x.c{color:red}");
    for list in [":is(html.dark, .a)", ":where(:is(.a, :root))", ".b:is(.a, .b > body)"] {
        refused(&format!("{list} .x{{}}"), STYLE_UNSCOPED, "style.css:1:1", "two selectors");
    }
}

#[test]
fn nesting() {
    check(
        ".a{color:red;&:hover{color:#00f}.b{color:green}}",
        ".a.c{color:red}.a:hover.c{color:#00f}.a.w .b.c{color:green}",
    );
    check(".a,.b{& > p{color:red}}", ":is(.a,.b).w>p.c{color:red}");
    check(".a{@media (width<30rem){color:red}}", "@media (width<30rem){.a.c{color:red}}");
}

#[test]
fn conditions() {
    check("@media print{.a{color:red}}", "@media print{.a.c{color:red}}");
    check("@supports (display:grid){.a{color:red}}", "@supports (display:grid){.a.c{color:red}}");
    check(
        "@media print{@supports (display:grid){.a .b{color:red}}}",
        "@media print{@supports (display:grid){.a.w .b.c{color:red}}}",
    );
    check("@starting-style{.a{color:red}}", "@starting-style{.a.c{color:red}}");
}

#[test]
fn text_that_looks_like_css() {
    check(".a::after{content:\"/* } .b{\"}", ".a.c:after{content:\"/* } .b{\"}");
    check(
        ".a{background:url(data:image/svg+xml,%3Csvg/%3E)}",
        ".a.c{background:url(data:image/svg+xml,%3Csvg/%3E)}",
    );
}

#[test]
fn keyframes() {
    check(
        "@keyframes spin{0%{opacity:0}50.5%{opacity:.5}to{opacity:1}}.a{animation:spin 1s}.b{animation-name:spin,other}",
        "@keyframes spin_m-x{0%{opacity:0}50.5%{opacity:.5}to{opacity:1}}.a.c{animation:1s spin_m-x}.b.c{animation-name:spin_m-x,other}",
    );
    check(
        "@keyframes spin{to{opacity:1}}.a{animation:spin var(--duration-fast)}",
        "@keyframes spin_m-x{to{opacity:1}}.a.c{animation:spin_m-x var(--duration-fast)}",
    );
    check(
        "@keyframes spin{to{opacity:1}}.a{--how:spin 1s;animation:var(--how,var(--other,spin) 1s)}",
        "@keyframes spin_m-x{to{opacity:1}}.a.c{--m-x_how:spin_m-x 1s;animation:var(--m-x_how,var(--other,spin_m-x) 1s)}",
    );
    // Not what a function takes: `end` is a keyword there.
    check(
        "@keyframes end{to{opacity:1}}.a{animation:end steps(var(--n),end)}",
        "@keyframes end_m-x{to{opacity:1}}.a.c{animation:end_m-x steps(var(--n),end)}",
    );
}

#[test]
fn custom_properties() {
    check(".a{--gap:1px;margin:var(--gap)}", ".a.c{--m-x_gap:1px;margin:var(--m-x_gap)}");
    check(".a{margin:var(--gap,var(--b));--b:1px}", ".a.c{margin:var(--gap,var(--m-x_b));--m-x_b:1px}");
    check(".a{--color-text:red;color:var(--color-text)}", ".a.c{--color-text:red;color:var(--color-text)}");
    check(
        "@property --n{syntax:\"<number>\";inherits:true;initial-value:1}.a{opacity:var(--n);transition:--n 1s}",
        "@property --m-x_n{syntax:\"<number>\";inherits:true;initial-value:1}.a.c{opacity:var(--m-x_n);transition:--m-x_n 1s}",
    );
    check(
        ".a{anchor-name:--here}.b{position-anchor:--here}",
        ".a.c{anchor-name:--m-x_here}.b.c{position-anchor:--m-x_here}",
    );
}

#[test]
fn fonts_and_containers() {
    check(
        "@font-face{font-family:\"My Font\";src:url(data:font/woff2;base64,AA)}.a{font-family:My Font,serif}",
        "@font-face{font-family:My Font_m-x;src:url(data:font/woff2;base64,AA)}.a.c{font-family:My Font_m-x,serif}",
    );
    check(
        "@font-face{font-family:F;src:local(\"F\")}.a{font:1rem F}.b{font-family:F,var(--font-body)}",
        "@font-face{font-family:F_m-x;src:local(F)}.a.c{font:1rem F_m-x}.b.c{font-family:\"F_m-x\",var(--font-body)}",
    );
    // Case makes no other font.
    check(
        "@font-face{font-family:\"Inter Tight\";src:local(\"F\")}.a{font-family:inter tight}.b{font-family:\"INTER TIGHT\",var(--font-body)}",
        "@font-face{font-family:Inter Tight_m-x;src:local(F)}.a.c{font-family:Inter Tight_m-x}.b.c{font-family:\"Inter Tight_m-x\",var(--font-body)}",
    );
    // Words without quotes are one name, wherever they stand; and a word of another's name is not ours.
    check(
        "@font-face{font-family:My Font;src:local(\"F\")}.a{--f:My Font,serif;font-family:my  font,var(--g,My Font)}.b{font:var(--w) large My Font}.c{font-family:My Fonts,My,var(--g)}",
        "@font-face{font-family:My Font_m-x;src:local(F)}.a.c{--m-x_f:\"My Font_m-x\",serif;font-family:\"My Font_m-x\",var(--g,\"My Font_m-x\")}.b.c{font:var(--w) large \"My Font_m-x\"}.c.c{font-family:My Fonts,My,var(--g)}",
    );
    // Nor is the end of another's name.
    check(
        "@font-face{font-family:My Font;src:local(\"F\")}.a{font-family:Not My Font,My Font,var(--g,Not My Font,My Font)}",
        "@font-face{font-family:My Font_m-x;src:local(F)}.a.c{font-family:Not My Font,\"My Font_m-x\",var(--g,Not My Font,\"My Font_m-x\")}",
    );
    check(
        "@font-face{font-family:F;src:local(\"F\")}@font-palette-values --p{font-family:f;base-palette:1}.a{font-palette:--p}",
        "@font-face{font-family:F_m-x;src:local(F)}@font-palette-values --m-x_p{font-family:F_m-x;base-palette:1}.a.c{font-palette:--m-x_p}",
    );
    check(
        ".a{container:card/inline-size}@container card (width>20rem){.b{color:red}}",
        ".a.c{container:card_m-x/inline-size}@container card_m-x (width>20rem){.b.c{color:red}}",
    );
}

#[test]
fn view_transitions() {
    check(
        ".a{view-transition-name:hero;view-transition-class:card big;view-transition-group:hero}",
        ".a.c{view-transition-name:hero_m-x;view-transition-class:card_m-x big_m-x;view-transition-group:hero_m-x}",
    );
    for (name, class, group) in
        [("none", "none", "normal"), ("auto", "none", "nearest"), ("match-element", "none", "contain")]
    {
        let rule = format!(
            "{{view-transition-name:{name};view-transition-class:{class};view-transition-group:{group}}}"
        );
        check(&format!(".a{rule}"), &format!(".a.c{rule}"));
    }
    // The shell's selectors for them are the page's.
    let shell = "::view-transition-old(hero){opacity:0}.a{view-transition-name:hero}";
    let (_, shell) = scope("shell", &[sheet("shell", shell)]).unwrap().remove(0);
    assert!(
        shell.contains("::view-transition-old(hero)") && shell.contains("view-transition-name:hero}"),
        "{shell}"
    );
}

/// Two teams that know nothing of each other: a sheet or a name of the one is none of the other's.
#[test]
fn names_of_two_microapps_are_never_the_same() {
    let css = "@keyframes a{to{opacity:1}}@font-face{font-family:a;src:local(a)}.a{--mini-gap:1px;--gap:2px;container:a/size}";
    let cart =
        [sheet("cart", css), Sheet::new(Path::new("styles/mini.css"), "cart", Some("mini"), css.into())];
    let mini = sheet("cart-mini", css);
    assert_eq!((cart[1].file.as_str(), mini.file.as_str()), ("cart-mini.css", "cart-mini.css"));
    let names = |app: &str, sheets: &[Sheet]| -> std::collections::BTreeSet<String> {
        let scoped: String = scope(app, sheets).unwrap().into_iter().map(|(_, css)| css).collect();
        let words = scoped.split(|c: char| !(c.is_alphanumeric() || "-_".contains(c)));
        words.filter(|word| word.contains("m-cart")).map(str::to_owned).collect()
    };
    let (cart, mini) = (names("cart", &cart), names("cart-mini", &[mini]));
    assert!(cart.contains("m-cart_mini") && mini.contains("--m-cart-mini_gap"), "{cart:?} {mini:?}");
    assert!(cart.is_disjoint(&mini), "{cart:?} {mini:?}");
}

#[test]
fn layers_become_weight() {
    check(
        "@layer base,look;@layer look{.a{color:red}}@layer base{.a{color:#00f}}.a{color:green}",
        ".a.c{color:#00f}.a.c:not(#_){color:red}.a.c:not(#_):not(#_){color:green}",
    );
    check(
        "@layer a{.p{color:red}@layer b{.p{color:#00f}}}@layer{.p{color:green}}",
        ".p.c:not(#_){color:red}.p.c{color:#00f}.p.c:not(#_):not(#_){color:green}",
    );
}

#[test]
fn page_wide_rules() {
    for selector in [
        "html",
        "body",
        ":root",
        "html.dark",
        "body > :root",
        ":host",
        ".a body",
        ":is(html, body)",
        ".a :where(body)",
    ] {
        refused(
            &format!(".ok{{}}\n  {selector} {{color:red}}"),
            STYLE_UNSCOPED,
            "style.css:2:3",
            "the page itself",
        );
    }
    refused(".a, body{color:red}", STYLE_UNSCOPED, "style.css:1:1", "`.a, body`");
    refused(".a{ html &, body{color:red} }", STYLE_UNSCOPED, "style.css:1:5", "the page itself");
    refused("@media print{ body{color:red} }", STYLE_UNSCOPED, "style.css:1:15", "body");
    let property = "@property --color-text{syntax:\"<color>\";inherits:false;initial-value:red}";
    let what = "`@property --color-text` holds for the whole page";
    refused(&format!(".a{{color:red}}\n@media print{{{property}}}"), STYLE_UNSCOPED, "style.css:2:14", what);
    refused("@page{margin:0}", STYLE_UNSCOPED, "style.css:1:1", "@page");
    refused("@counter-style x{system:cyclic;symbols:a}", STYLE_UNSCOPED, "style.css:1:1", "@counter-style");
    refused("@scope (.a){.b{color:red}}", STYLE_UNSCOPED, "style.css:1:1", "@scope");
}

#[test]
fn the_whole_class() {
    for selector in [
        "a:not([class])",
        "[class=\"card\"]",
        "[CLASS]",
        "[class^=\"icon-\"] > .a",
        ".a[class|=\"icon\"]",
        "[class=\"CARD\" i]",
        ":is(.a, :where([class]))",
        ".a:has(> [class=\"b\"])",
        "li:nth-child(2 of [class])",
    ] {
        refused(
            &format!(".a{{color:red}}\n{selector}{{color:red}}"),
            STYLE_CLASS,
            "style.css:2:1",
            "whole `class`",
        );
        refused(
            &format!(".a{{\n&:hover, {selector}{{color:red}}}}"),
            STYLE_CLASS,
            "style.css:2:1",
            "whole `class`",
        );
    }
    check("[class*=icon-]:not([class~=a]){color:red}", "[class*=icon-]:not([class~=a]).c{color:red}");
    check("[class$=-icon]{color:red}", "[class$=-icon].c{color:red}");
    check("[data-class]{color:red}", "[data-class].c{color:red}");
}

#[test]
fn important() {
    refused("*{color:red!important}", STYLE_IMPORTANT, "style.css:1:1", "`*`");
    refused("*,::before{color:red!important}", STYLE_IMPORTANT, "style.css:1:1", "page-wide");
    refused("@layer a{.b{color:red!important}}", STYLE_IMPORTANT, "style.css:1:10", "layer");
    check("[hidden]{display:none!important}", "[hidden].c{display:none!important}");
    check(".a{*{color:red!important}}", ".a.w .c{color:red!important}");
    // Nor after a nested rule, nor in a nested condition.
    refused("*{.a{color:red}\ncolor:red!important}", STYLE_IMPORTANT, "style.css:2:7", "page-wide");
    refused("*{@media print{color:red!important}}", STYLE_IMPORTANT, "style.css:1:16", "page-wide");
    refused("@layer a{.b{.d{color:red}\ncolor:red!important}}", STYLE_IMPORTANT, "style.css:2:7", "layer");
    refused("@layer a{.b{@media print{color:red!important}}}", STYLE_IMPORTANT, "style.css:1:26", "layer");
    check(".a{.b{color:red}color:red!important}", ".a.w .b.c{color:red}.a.c{color:red!important}");
}

#[test]
fn addresses() {
    refused(".a{\nbackground:url(x.png)}", STYLE_ADDRESS, "style.css:2:12", "url(x.png)");
    refused(".a{background:url(/x.png)}", STYLE_ADDRESS, "style.css:1:15", "relative");
    refused("@import 'x.css';", STYLE_ADDRESS, "style.css:1:1", "@import");
    check(".a{clip-path:url(#b)}", ".a.c{clip-path:url(#b)}");
}

#[test]
fn syntax() {
    refused(".a{color:red}\n.b{{", STYLE_SYNTAX, "style.css:2:4", "");
    refused("@unknown{}", STYLE_SYNTAX, "style.css:1:1", "@unknown");
}

#[test]
fn the_reset_inherits_tokens_and_nothing_else() {
    let scoped = scope("x", &[sheet("x", ".a{color:var(--color-text);gap:var(--gap);--gap:1px}")]).unwrap();
    assert!(scoped[0].1.starts_with(
        ".m-x:not(#_,img,svg,svg *){all:revert;--color-text:inherit}\
         .m-x:not(#_):where(img,svg,svg *){all:revert-layer;--color-text:inherit}\
         .m-x:not(#_)::before,"
    ));
    assert!(scoped[0].1.contains(".m-root:where(.m-x):not(#_){all:initial;"), "{}", scoped[0].1);
}

#[test]
fn sheets_of_one_microapp_share_names() {
    let css = ".a{animation:spin 1s;margin:var(--gap)}";
    let hero = Sheet::new(Path::new("styles/hero.css"), "x", Some("hero"), css.into());
    let scoped = scope("x", &[sheet("x", "@keyframes spin{to{opacity:1}}.a{--gap:1px}"), hero]).unwrap();
    let hero = &scoped[1].1;
    assert!(hero.ends_with(".a.m-x_hero:not(#_){margin:var(--m-x_gap);animation:1s spin_m-x}\n"), "{hero}");
    assert!(!hero.contains("m-root"), "{hero}");
}

#[test]
fn the_shell_owns_the_page() {
    let scoped =
        |css: &str| scope("shell", &[sheet("shell", css)]).map(|scoped| scoped[0].1.trim().to_owned());
    assert_eq!(scoped("html,body .a{color:red}").unwrap(), "html,body .a.m-shell{color:red}");
    assert_eq!(scoped(".a .b{color:red}").unwrap(), ".a:where(.m-shell) .b.m-shell{color:red}");
    assert_eq!(scoped(":is(html,body) .a{color:red}").unwrap(), ":is(html,body) .a.m-shell{color:red}");
    for css in [
        "body{color:red!important}",
        "body{.a{color:red}color:red!important}",
        "html{@media print{color:red!important}}",
    ] {
        assert_eq!(scoped(css).unwrap_err().code, STYLE_IMPORTANT, "{css}");
    }
    let property = "@property --color-text{syntax:\"<color>\";inherits:true;initial-value:red}";
    assert!(scoped(property).unwrap().starts_with("@property --color-text"));
}

#[test]
fn our_own_rules_come_first() {
    let dir = tempfile::tempdir().unwrap();
    let text = |dir: &Path| scope("x", &Sheet::read(dir, "x", &[]).unwrap()).unwrap()[0].1.clone();
    let base = text(dir.path());
    assert!(base.contains(".button.m-x:not(#_)") && base.contains("@keyframes shimmer_m-x"), "{base}");
    fs::write(dir.path().join("style.css"), ".mine{color:red}").unwrap();
    assert_eq!(text(dir.path()), format!("{}.mine.m-x:not(#_){{color:red}}\n", base.trim_end()));
    fs::write(dir.path().join("shared.css"), ".ours{color:blue}").unwrap();
    let shared = Sheet::read(dir.path(), "x", &["shared.css".to_owned()]).unwrap();
    let both = ".ours.m-x:not(#_){color:#00f}.mine.m-x:not(#_){color:red}\n";
    assert!(scope("x", &shared).unwrap()[0].1.ends_with(both));
    let missing = Sheet::read(dir.path(), "x", &["none.css".to_owned()]).unwrap_err();
    assert!(missing.place.ends_with("none.css"), "{missing}");
    fs::write(dir.path().join("style.css"), "\n body{}").unwrap();
    let error = scope("x", &Sheet::read(dir.path(), "x", &[]).unwrap()).unwrap_err();
    assert!(error.place.ends_with("style.css:2:2"), "{error}");
}

#[test]
fn a_fault_in_a_shared_sheet_is_named_there() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("style.css"), ".mine{color:red}").unwrap();
    let shared = dir.path().join("shared.css");
    let check = |css: &str, code: Code, at: &str| {
        fs::write(&shared, css).unwrap();
        let sheets = Sheet::read(dir.path(), "x", &["shared.css".to_owned()]).unwrap();
        let error = scope("x", &sheets).unwrap_err();
        assert_eq!((error.code, error.place), (code, format!("{}{at}", shared.display())));
    };
    check(".a{color:red}\nbody{margin:0}", STYLE_UNSCOPED, ":2:1");
    check(".a{color:red}\n\n}", STYLE_SYNTAX, ":3:2");
    check(".a{background:url(a.png)}", STYLE_ADDRESS, ":1:15");
}

#[test]
fn a_shared_sheet_that_is_not_closed_leaves_the_others_alone() {
    for (open, closed) in [
        (".a{color:red", ".a.c{color:red}"),
        ("@media print{.a{color:red}", "@media print{.a.c{color:red}}"),
        (".a{color:red}/* to be done", ".a.c{color:red}"),
        (".a{background:url(data:,x", ".a.c{background:url(data:,x)}"),
    ] {
        let mut sheet = sheet("x", ".mine{color:red}");
        sheet.before.push(("shared.css".to_owned(), open.to_owned()));
        let (_, css) = scope("x", &[sheet]).unwrap().remove(0);
        let css = css.replace(".m-x:not(#_)", ".c");
        assert!(css.ends_with(&format!("{closed}.mine.c{{color:red}}\n")), "{open}: {css}");
    }
}

#[test]
fn minified_tokens_are_not_scoped() {
    assert_eq!(minify("t.css", ":root {\n  --a: 1px;\n}\n").unwrap(), ":root{--a:1px}");
}
