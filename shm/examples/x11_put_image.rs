//! Animates a window through a segment (MIT-SHM), or through the connection
//! where the server cannot attach it, until Enter is pressed:
//!
//! ```sh
//! cargo run --example x11_put_image
//! ```
//!
//! The server says when it has read a frame; only then are the bytes ours again.

use std::error::Error;

use shm::{AccessError, OwnedSegment, Segment, View};
use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::shm::{ConnectionExt as _, Seg};
use x11rb::protocol::xproto::{
    ConnectionExt as _, CreateGCAux, CreateWindowAux, EventMask, Gcontext, ImageFormat, Window,
};

const WIDTH: u16 = 256;
const HEIGHT: u16 = 128;
const FRAMES: u8 = 60;

fn main() -> Result<(), Box<dyn Error>> {
    let (connection, screen) = x11rb::connect(None)?;
    let screen = connection
        .setup()
        .roots
        .get(screen)
        .ok_or("no such screen")?;
    let window = Painted {
        window: connection.generate_id()?,
        gc: connection.generate_id()?,
        depth: screen.root_depth,
    };
    window.open(&connection, screen.root)?;

    let segment = Segment::private(usize::from(WIDTH) * usize::from(HEIGHT) * 4)?.remove_on_drop();
    let attachment = segment.attach()?;
    let shared = attach_server(&connection, &segment);
    match &shared {
        Ok(_) => println!("{FRAMES} frames through shared memory"),
        Err(error) => println!("{FRAMES} frames through the connection, since {error}"),
    }
    for frame in 0..FRAMES {
        paint(attachment.view(), frame)?;
        match &shared {
            Ok(seg) => window.put_shared(&connection, *seg)?,
            Err(_) => window.put_bytes(&connection, &attachment.view().to_vec())?,
        }
    }
    println!("done; Enter ends");
    std::io::stdin().read_line(&mut String::new())?;
    Ok(())
}

/// Lets the server attach the segment. BadAccess: it is in another IPC namespace, on
/// another machine, or another user.
fn attach_server(
    connection: &impl Connection,
    segment: &OwnedSegment,
) -> Result<Seg, Box<dyn Error>> {
    connection.shm_query_version()?.reply()?;
    let seg = connection.generate_id()?;
    let read_only = true;
    connection
        .shm_attach(seg, u32::from(segment.id()), read_only)?
        .check()?;
    Ok(seg)
}

/// Colors that move with each frame: blue, green, red, nothing.
fn paint(view: View, frame: u8) -> Result<(), AccessError> {
    for y in 0..HEIGHT {
        let pixel = |x| [(x as u8).wrapping_add(frame), y as u8, frame, 0];
        let row: Vec<u8> = (0..WIDTH).flat_map(pixel).collect();
        view.write_all_at(usize::from(y) * row.len(), &row)?;
    }
    Ok(())
}

/// The window, and how to draw on it.
struct Painted {
    window: Window,
    gc: Gcontext,
    depth: u8,
}

// The protocol's arguments in its order; one per line would fill a page.
#[rustfmt::skip]
impl Painted {
    fn open(&self, connection: &impl Connection, parent: Window) -> Result<(), Box<dyn Error>> {
        let options = CreateWindowAux::new().event_mask(EventMask::EXPOSURE);
        let class = Default::default();
        connection.create_window(
            self.depth, self.window, parent, 0, 0, WIDTH, HEIGHT, 0, class, 0, &options,
        )?;
        let options = CreateGCAux::new().graphics_exposures(0);
        connection.create_gc(self.gc, self.window, &options)?;
        connection.map_window(self.window)?.check()?;
        while !matches!(connection.wait_for_event()?, Event::Expose(_)) {}
        Ok(())
    }

    /// Shows the segment and waits until the server has read it.
    fn put_shared(&self, connection: &impl Connection, seg: Seg) -> Result<(), Box<dyn Error>> {
        let (format, send_event) = (ImageFormat::Z_PIXMAP.into(), true);
        connection.shm_put_image(
            self.window, self.gc, WIDTH, HEIGHT, 0, 0, WIDTH, HEIGHT, 0, 0, self.depth, format,
            send_event, seg, 0,
        )?;
        connection.flush()?;
        while !matches!(connection.wait_for_event()?, Event::ShmCompletion(_)) {}
        Ok(())
    }

    /// Sends the bytes.
    fn put_bytes(&self, connection: &impl Connection, bytes: &[u8]) -> Result<(), Box<dyn Error>> {
        let (z, window, gc) = (ImageFormat::Z_PIXMAP, self.window, self.gc);
        connection.put_image(z, window, gc, WIDTH, HEIGHT, 0, 0, 0, self.depth, bytes)?.check()?;
        Ok(())
    }
}
