use shm::Segment;

fn main() {
    let segment = Segment::private(4096).unwrap().remove_on_drop();
    let attachment = segment.attach().unwrap();
    let place = attachment.view().at::<u64>(0).unwrap();
    attachment.detach().unwrap();
    place.set(1);

    let owned = segment.attach().unwrap().into_place::<u32>(0).unwrap();
    let counter = owned.place().atomic();
    drop(owned);
    counter.store(1, std::sync::atomic::Ordering::Relaxed);
}
