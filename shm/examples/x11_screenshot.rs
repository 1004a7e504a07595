//! Takes a picture of the X server's root window through a segment (MIT-SHM)
//! and writes it to a PNG file:
//!
//! ```sh
//! cargo run --example x11_screenshot -- picture.png
//! ```
//!
//! The server writes the pixels directly into memory that both share, instead of sending
//! them through the connection.

use std::error::Error;
use std::fs::File;
use std::io::BufWriter;

use shm::{OwnedSegment, ReadOnly, Segment, View};
use x11rb::connection::Connection;
use x11rb::protocol::shm::ConnectionExt as _;
use x11rb::protocol::xproto::{ImageFormat, Screen};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "screenshot.png".into());
    let (connection, screen) = x11rb::connect(None)?;
    let screen = connection
        .setup()
        .roots
        .get(screen)
        .ok_or("no such screen")?;
    let (width, height) = (screen.width_in_pixels, screen.height_in_pixels);

    // Four bytes per pixel at these depths, in every current server.
    let size = usize::from(width) * usize::from(height) * 4;
    let segment = Segment::private(size)?.remove_on_drop();
    let attachment = segment.attach_read_only()?;
    fill_with_root_window(&connection, screen, &segment)?;

    let pixels = attachment.view().slice(..size)?;
    write_png(&path, width, height, pixels)?;
    println!("{path}: {width} x {height}, by segment {}", segment.id());
    Ok(())
}

/// Lets the server attach the segment, write the root window's pixels to it, and detach
/// it again.
fn fill_with_root_window(
    connection: &impl Connection,
    screen: &Screen,
    segment: &OwnedSegment,
) -> Result<(), Box<dyn Error>> {
    connection
        .shm_query_version()?
        .reply()
        .map_err(|_| "the server has no MIT-SHM")?;
    let server_side = connection.generate_id()?;
    // A server in another IPC namespace, or on another machine, returns BadAccess.
    let id = u32::from(segment.id());
    connection.shm_attach(server_side, id, false)?.check()?;
    let (width, height) = (screen.width_in_pixels, screen.height_in_pixels);
    let format = ImageFormat::Z_PIXMAP.into();
    // The reply comes after the last pixel has been written.
    connection
        .shm_get_image(screen.root, 0, 0, width, height, !0, format, server_side, 0)?
        .reply()?;
    connection.shm_detach(server_side)?.check()?;
    Ok(())
}

/// Converts pixels of blue, green, red and unused to red, green, blue.
fn write_png(
    path: &str,
    width: u16,
    height: u16,
    pixels: View<'_, ReadOnly>,
) -> Result<(), Box<dyn Error>> {
    let rgb: Vec<u8> = pixels
        .to_vec()
        .chunks_exact(4)
        .flat_map(|pixel| pixel.iter().take(3).rev().copied().collect::<Vec<_>>())
        .collect();
    let file = BufWriter::new(File::create(path)?);
    let mut encoder = png::Encoder::new(file, width.into(), height.into());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header()?.write_image_data(&rgb)?;
    Ok(())
}
