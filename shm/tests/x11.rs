//! The X11 examples with a real server: one takes a picture of the pixels that the other
//! draws through a segment. Needs the examples, which cargo builds beside the tests, so
//! it is not part of a bundle.

#![cfg(all(target_os = "linux", feature = "std"))]
#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests")]

mod common;
mod xvfb;

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};

use common::{example, lacks, skipped};
use xvfb::Server;

fn server() -> Option<Server> {
    Server::start("320x240x24")
        .inspect_err(|error| lacks(error))
        .ok()
}

/// Draws with `x11_put_image`, takes a picture while the window exists, and returns the
/// output of the first and the picture's pixels.
fn draw_and_look(server: &Server, mut draw: Command, look: &Path) -> (String, Vec<u8>) {
    let _deadline = common::deadline();
    let mut drawer = draw
        .env("DISPLAY", server.display())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(drawer.stdout.take().unwrap()).lines();
    let said = lines.next().unwrap().unwrap();
    assert_eq!(lines.next().unwrap().unwrap(), "done; Enter ends");

    let path = std::env::temp_dir().join(format!("shm-test-{}.png", drawer.id()));
    let looked = Command::new(look)
        .arg(&path)
        .env("DISPLAY", server.display())
        .output()
        .unwrap();
    assert!(
        looked.status.success(),
        "{}",
        String::from_utf8_lossy(&looked.stderr)
    );
    drop(drawer.stdin.take());
    assert!(drawer.wait().unwrap().success());
    let pixels = pixels(&path);
    std::fs::remove_file(path).unwrap();
    (said, pixels)
}

fn pixels(path: &Path) -> Vec<u8> {
    let mut file = Vec::new();
    std::fs::File::open(path)
        .unwrap()
        .read_to_end(&mut file)
        .unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(file))
        .read_info()
        .unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut pixels).unwrap();
    assert_eq!((frame.width, frame.height), (320, 240));
    pixels
}

/// The last frame is at the top left of a black screen.
fn check_picture(pixels: &[u8]) {
    for (index, pixel) in pixels.chunks_exact(3).enumerate() {
        let (x, y) = (index % 320, index / 320);
        let expected = if x < 256 && y < 128 {
            [59, y as u8, (x + 59) as u8]
        } else {
            [0; 3]
        };
        assert_eq!(pixel, expected, "at {x}, {y}");
    }
}

#[test]
fn what_one_example_draws_through_a_segment_the_other_sees_through_one() {
    let (Some(draw), Some(look)) = (example("x11_put_image"), example("x11_screenshot")) else {
        return;
    };
    let Some(server) = server() else {
        return;
    };
    let (said, pixels) = draw_and_look(&server, Command::new(draw), &look);
    assert_eq!(said, "60 frames through shared memory");
    check_picture(&pixels);
}

#[test]
fn a_server_that_cannot_attach_gets_the_bytes_through_the_connection() {
    let (Some(draw), Some(look)) = (example("x11_put_image"), example("x11_screenshot")) else {
        return;
    };
    let own_namespace = |program: &Path| {
        let mut command = Command::new("unshare");
        command
            .args(["--map-root-user", "--ipc", "--"])
            .arg(program);
        command
    };
    let allowed = own_namespace(Path::new("true")).output();
    if !allowed.is_ok_and(|output| output.status.success()) {
        return skipped("this user can make no IPC namespace");
    }
    let Some(server) = server() else {
        return;
    };
    let (said, pixels) = draw_and_look(&server, own_namespace(&draw), &look);
    assert!(
        said.starts_with("60 frames through the connection"),
        "{said}"
    );
    assert!(said.contains("Access"), "{said}");
    check_picture(&pixels);
}
