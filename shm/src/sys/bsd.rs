//! The functions on `shmid_ds` that the BSDs and macOS share: their structures differ in a
//! few names and types.

/// Defines `stat_of` and `set_permissions`. `key` names the key's field, `flags` decodes the
/// state bits of the mode, and `attached` is the unsigned type of the attachment count.
macro_rules! shmid_ds_functions {
    (key: $key:ident, flags: $flags:path, attached: $attached:ty) => {
        #[allow(
            clippy::unnecessary_cast,
            clippy::useless_conversion,
            reason = "the types of the fields differ by system"
        )]
        pub(crate) fn stat_of(id: crate::SegmentId, ds: &shm_sys::shmid_ds) -> crate::Stat {
            let perm = ds.shm_perm;
            let mode = u32::from(perm.mode);
            crate::Stat {
                id,
                key: crate::Key::from_raw(perm.$key),
                size: u64::try_from(ds.shm_segsz).unwrap_or(0),
                mode: crate::Mode::from_bits_truncate(mode),
                flags: $flags(mode),
                owner_uid: perm.uid,
                owner_gid: perm.gid,
                creator_uid: perm.cuid,
                creator_gid: perm.cgid,
                creator_pid: ds.shm_cpid,
                last_pid: ds.shm_lpid,
                attached: u64::from(ds.shm_nattch as $attached),
                attach_time: crate::Timestamp::from_secs(ds.shm_atime),
                detach_time: crate::Timestamp::from_secs(ds.shm_dtime),
                change_time: crate::Timestamp::from_secs(ds.shm_ctime),
                memory: None,
            }
        }

        /// Writes the fields that `IPC_SET` takes.
        pub(crate) fn set_permissions(
            ds: &mut shm_sys::shmid_ds,
            uid: u32,
            gid: u32,
            mode: crate::Mode,
        ) {
            ds.shm_perm.uid = uid;
            ds.shm_perm.gid = gid;
            ds.shm_perm.mode = mode.bits() as _;
        }
    };
}

pub(super) use shmid_ds_functions;
