//! Says what is embedded, so that a new picture or catalogue leads to a new build.

fn main() {
    println!("cargo::rerun-if-changed=../../assets");
}
