//! The processes of the tour.

use super::cast::{
    ADA, DAY, FEED, FIREFOX, GRACE, HOUR, MINUTE, PHP, POSTGRES, RENDER, ROOT, SUPERVISOR, WWW,
    XORG,
};

/// A process of the tour.
pub(super) struct Actor {
    pub(super) pid: i32,
    pub(super) user: u32,
    /// Seconds since its start.
    pub(super) started: i64,
    pub(super) command: &'static str,
}

const fn actor(pid: i32, user: u32, started: i64, command: &'static str) -> Actor {
    Actor {
        pid,
        user,
        started,
        command,
    }
}

pub(super) const ACTORS: &[Actor] = &[
    actor(1, ROOT, 9 * DAY, "/sbin/init"),
    actor(700, ROOT, 9 * DAY - 40, "/usr/local/sbin/legacyd -d"),
    actor(
        812,
        POSTGRES,
        3 * DAY + 7_301,
        "/usr/lib/postgresql/15/bin/postgres -D /var/lib/postgresql/15/main",
    ),
    actor(
        815,
        POSTGRES,
        3 * DAY + 7_300,
        "postgres: 15/main: checkpointer",
    ),
    actor(
        816,
        POSTGRES,
        3 * DAY + 7_300,
        "postgres: 15/main: background writer",
    ),
    actor(
        818,
        POSTGRES,
        3 * DAY + 7_299,
        "postgres: 15/main: walwriter",
    ),
    actor(
        819,
        POSTGRES,
        3 * DAY + 7_299,
        "postgres: 15/main: autovacuum launcher",
    ),
    actor(
        820,
        POSTGRES,
        3 * DAY + 7_299,
        "postgres: 15/main: logical replication launcher",
    ),
    actor(
        901,
        POSTGRES,
        3 * DAY + 7_200,
        "/usr/lib/postgresql/13/bin/postgres -D /var/lib/postgresql/13/reports -c shared_memory_type=sysv",
    ),
    actor(
        904,
        POSTGRES,
        3 * DAY + 7_199,
        "postgres: 13/reports: checkpointer",
    ),
    actor(
        905,
        POSTGRES,
        3 * DAY + 7_199,
        "postgres: 13/reports: background writer",
    ),
    actor(
        906,
        POSTGRES,
        3 * DAY + 7_199,
        "postgres: 13/reports: walwriter",
    ),
    actor(
        9_077,
        POSTGRES,
        11 * MINUTE,
        "postgres: 13/reports: grace reports [local] SELECT",
    ),
    actor(
        9_120,
        POSTGRES,
        44,
        "postgres: 15/main: app shop [local] idle",
    ),
    actor(
        XORG,
        ROOT,
        25 * HOUR,
        "/usr/lib/xorg/Xorg :0 -seat seat0 vt7",
    ),
    actor(
        1_502,
        ROOT,
        4 * DAY,
        "php-fpm: master process (/etc/php/8.2/fpm/php-fpm.conf)",
    ),
    actor(PHP[0], WWW, 4 * DAY, "php-fpm: pool www"),
    actor(PHP[1], WWW, 4 * DAY, "php-fpm: pool www"),
    actor(PHP[2], WWW, 4 * DAY, "php-fpm: pool www"),
    actor(PHP[3], WWW, 4 * DAY, "php-fpm: pool www"),
    actor(
        1_620,
        FEED,
        6 * DAY,
        "/usr/sbin/feedhandler --huge-pages --symbols=all --ring=16777216 --interface=eth1",
    ),
    actor(
        1_644,
        FEED,
        6 * DAY - 5,
        "/usr/bin/feed-archive --to=/srv/ticks",
    ),
    actor(
        1_650,
        GRACE,
        5 * HOUR,
        "/usr/bin/python3 /srv/risk/monitor.py",
    ),
    actor(
        1_980,
        ADA,
        3 * HOUR,
        "/usr/bin/jackd -dalsa -dhw:0 -r48000 -p256",
    ),
    actor(
        2_002,
        ADA,
        2 * HOUR,
        "/usr/bin/ardour7 /home/ada/music/session3",
    ),
    actor(2_007, ADA, 2 * HOUR - 60, "/usr/bin/hydrogen -d jack"),
    actor(FIREFOX, ADA, 5_000, "/usr/lib/firefox-esr/firefox-esr"),
    actor(2_210, ADA, 48 * MINUTE, "gimp-2.10 /home/ada/poster.xcf"),
    actor(
        2_318,
        ADA,
        9 * MINUTE,
        "mpv --vo=x11 /home/ada/videos/harbor.mkv",
    ),
    actor(2_500, ADA, 3 * DAY, "java -Xmx4g -jar cache.jar"),
    actor(
        2_600,
        WWW,
        2 * DAY,
        "/usr/bin/memod --size=1G --key=0x6d656d6f",
    ),
    actor(
        2_611,
        WWW,
        26 * HOUR,
        "/usr/bin/python3 -m gunicorn shop:app --workers=2",
    ),
    actor(
        2_612,
        WWW,
        26 * HOUR - 1,
        "/usr/bin/python3 -m gunicorn shop:app --workers=2",
    ),
    actor(
        SUPERVISOR,
        RENDER,
        5 * DAY + 600,
        "/opt/render/bin/supervisor --pool=8",
    ),
    actor(
        4_107,
        RENDER,
        4 * MINUTE,
        "/opt/render/bin/worker --job=4107 --scene=/srv/render/harbor/scene-0114.usd --tile=3,7 --samples=512",
    ),
    actor(
        6_020,
        GRACE,
        90 * MINUTE,
        "mpirun -np 4 ./stencil --grid=4096",
    ),
    actor(6_021, GRACE, 90 * MINUTE - 1, "./stencil --grid=4096"),
    actor(6_022, GRACE, 90 * MINUTE - 1, "./stencil --grid=4096"),
    actor(6_023, GRACE, 90 * MINUTE - 1, "./stencil --grid=4096"),
    actor(6_024, GRACE, 90 * MINUTE - 1, "./stencil --grid=4096"),
    actor(
        7_300,
        GRACE,
        7 * HOUR,
        "/usr/bin/python3 train.py --epochs=200",
    ),
];
