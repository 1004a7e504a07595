//! What must not compile. Needs cargo and the source tree, so it is no part of
//! a bundle for other machines.

#![cfg(feature = "std")]

#[test]
fn what_would_be_unsound_does_not_compile() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/compile_fail/*.rs");
}
