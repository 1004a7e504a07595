//! Code that must not compile, beside similar code that must. Needs cargo and the source
//! tree, so it is not part of a bundle for other machines.

#![cfg(feature = "std")]

#[test]
fn what_would_be_unsound_does_not_compile() {
    let cases = trybuild::TestCases::new();
    // The passing case makes trybuild build, not only check: it shows that refusals come
    // from types, before any code is generated.
    cases.pass("tests/compile_pass/*.rs");
    cases.compile_fail("tests/compile_fail/*.rs");
}
