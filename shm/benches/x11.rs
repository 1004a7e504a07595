//! Shows a frame with MIT-SHM, compared with the same frame sent through the connection
//! (`PutImage`), to an Xvfb started for it: until the server has read all of it.

mod harness;
#[path = "../tests/xvfb/mod.rs"]
mod xvfb;

use std::error::Error;

use harness::{Harness, Size};
use shm::Segment;
use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::shm::{ConnectionExt as _, Seg};
use x11rb::protocol::xproto::{ConnectionExt as _, CreateGCAux, Gcontext, ImageFormat, Pixmap};
use x11rb::rust_connection::RustConnection;

const SIZES: [(u16, u16); 3] = [(256, 128), (640, 480), (1920, 1080)];

fn main() -> Result<(), Box<dyn Error>> {
    let mut harness = Harness::start();
    let server = match xvfb::Server::start("1920x1080x24") {
        Ok(server) => server,
        Err(why) => {
            harness.skip("x11_frame", 0, why);
            harness.finish();
            return Ok(());
        }
    };
    let (connection, screen) = x11rb::connect(Some(server.display()))?;
    for (width, height) in SIZES {
        let frame = Frame::new(&connection, screen, width, height)?;
        let bytes = frame.bytes();
        let segment = Segment::private(bytes)?.remove_on_drop();
        let attachment = segment.attach()?;
        let view = attachment.view();
        let seg = connection.generate_id()?;
        let id = u32::from(segment.id());
        connection.shm_attach(seg, id, true)?.check()?;

        // Both write the frame again, as a program that draws does.
        let mut pixels = vec![0; bytes];
        let mut shade: u8 = 0;
        harness.compare(
            "x11_frame",
            Size::Bytes(bytes),
            {
                let frame = &frame;
                move || {
                    shade = shade.wrapping_add(1);
                    pixels.fill(shade);
                    frame.send(&pixels)
                }
            },
            {
                let frame = &frame;
                move || {
                    shade = shade.wrapping_add(1);
                    view.fill(shade);
                    frame.share(seg)
                }
            },
        )?;
        connection.shm_detach(seg)?.check()?;
    }
    harness.finish();
    Ok(())
}

/// Where the frames go: a pixmap of the server.
#[derive(Debug)]
struct Frame<'a> {
    connection: &'a RustConnection,
    pixmap: Pixmap,
    gc: Gcontext,
    depth: u8,
    width: u16,
    height: u16,
}

impl<'a> Frame<'a> {
    fn new(
        connection: &'a RustConnection,
        screen: usize,
        width: u16,
        height: u16,
    ) -> Result<Self, Box<dyn Error>> {
        let screen = connection.setup().roots.get(screen).ok_or("no screen")?;
        let (pixmap, gc) = (connection.generate_id()?, connection.generate_id()?);
        let depth = screen.root_depth;
        connection
            .create_pixmap(depth, pixmap, screen.root, width, height)?
            .check()?;
        connection
            .create_gc(gc, pixmap, &CreateGCAux::new())?
            .check()?;
        Ok(Self {
            connection,
            pixmap,
            gc,
            depth,
            width,
            height,
        })
    }

    fn bytes(&self) -> usize {
        usize::from(self.width) * usize::from(self.height) * 4
    }

    /// Sends the bytes, and asks whether they came.
    fn send(&self, pixels: &[u8]) -> Result<(), Box<dyn Error>> {
        let (w, h) = (self.width, self.height);
        let z = ImageFormat::Z_PIXMAP;
        self.connection
            .put_image(z, self.pixmap, self.gc, w, h, 0, 0, 0, self.depth, pixels)?
            .check()?;
        Ok(())
    }

    /// Lets the server read the segment, and waits until it reports that it has.
    fn share(&self, seg: Seg) -> Result<(), Box<dyn Error>> {
        let (w, h) = (self.width, self.height);
        let (z, send_event) = (ImageFormat::Z_PIXMAP.into(), true);
        self.connection.shm_put_image(
            self.pixmap,
            self.gc,
            w,
            h,
            0,
            0,
            w,
            h,
            0,
            0,
            self.depth,
            z,
            send_event,
            seg,
            0,
        )?;
        self.connection.flush()?;
        while !matches!(self.connection.wait_for_event()?, Event::ShmCompletion(_)) {}
        Ok(())
    }
}
