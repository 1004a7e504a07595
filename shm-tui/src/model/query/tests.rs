//! The language: what it means, and what it refuses.

mod properties;

use super::*;
use crate::model::directory::{Directory, Process};
use crate::model::segment::{Flags, Key, Memory};

const NOW: i64 = 1_000_000;

fn directory() -> Directory {
    let mut directory = Directory::default();
    directory.users.insert(109, Some("postgres".into()));
    directory.groups.insert(4, Some("adm".into()));
    let running = |command: &str| Process::Running {
        command: command.into(),
        started: Some(0),
        user: None,
    };
    directory
        .processes
        .insert(812, running("/usr/bin/java -Xmx4g"));
    directory
        .processes
        .insert(900, running("postgres: main app [local] idle"));
    directory.attached.insert(7, "psql x3, Xorg".into());
    directory
}

fn segment() -> Segment {
    Segment {
        id: 7,
        key: Key(0x52_e2c1),
        size: 2 << 20,
        mode: 0o642,
        owner: 109,
        group: 4,
        creator: 1000,
        creator_group: 4,
        creator_pid: 812,
        last_pid: 900,
        change_time: Some(NOW - 2 * 86_400),
        detach_time: Some(NOW - 3600),
        flags: Flags {
            locked: true,
            ..Flags::default()
        },
        memory: Some(Memory {
            resident: 4096,
            swapped: 0,
        }),
        ..Segment::default()
    }
}

fn passes(text: &str) -> bool {
    let filter = Filter::parse(text).unwrap_or_else(|e| panic!("{}", e.explain(text)));
    let directory = directory();
    let context = Context {
        directory: &directory,
        now: NOW,
        exact: false,
    };
    filter.passes(&segment(), &context)
}

#[test]
fn what_holds_passes() {
    for text in [
        "",
        "  ",
        "size>=1m",
        "size=2m",
        "size>1.5m",
        "size = 2048k",
        "owner=postgres",
        "OWNER=Postgres",
        "owner=109",
        "owner!=root",
        "nattch=0",
        "state=idle",
        "age>1d",
        "age>=2d",
        "age<2d1s",
        "age<3w",
        "cmd~java",
        "cmd~\"java -x\"",
        "key=0x0052e2c1",
        "mode=0642",
        "perms=642",
        "rss=4k",
        "swap=0",
        "locked",
        "status=locked",
        "!dest",
        "not dest",
        "!!locked",
        "pid=812",
        "pid=900",
        "pid!=5",
        "post",
        "java locked",
        "size<1m or owner=postgres",
        "size<1m or owner=postgres and locked",
        "(size<1m or owner=postgres) and !(dest or id=8)",
        "id>=7 AND id<=7",
    ] {
        assert!(passes(text), "{text}");
    }
}

#[test]
fn what_other_languages_write_is_understood() {
    for text in [
        "size>1m && owner==postgres",
        "size<1m || owner==postgres",
        "size<1m||owner=postgres&&locked",
        "user:postgres",
        "user: postgres locked",
        "size:>1m",
        "key:0x52e2c1",
        "owner=root,postgres",
        "owner=root, postgres",
        "owner = root , postgres locked",
        "owner=\"root\",postgres",
        "owner!=root,ada",
        "id=5,6,7",
        "state=in-use,idle",
        "status=dest,locked",
        "mode=600,642",
        "key=0x51,0x52e2c1",
        "cmd=~psql",
    ] {
        assert!(passes(text), "{text}");
    }
    for text in [
        "size>1m && owner==root",
        "owner!=root,postgres",
        "user:ada",
        "id=5,6",
        "id!=7,8",
        "owner=root, ada locked",
    ] {
        assert!(!passes(text), "{text}");
    }
}

#[test]
fn spaces_before_units_and_long_units_are_understood() {
    for text in [
        "size > 1 M",
        "size >= 2 MiB locked",
        "size < 3 mb and locked",
        "size = 2097152 bytes",
        "age > 1 d 12 h",
        "age > 1 day",
        "age<3days",
        "unused >= 60 minutes locked",
        "unused = 1 h",
    ] {
        assert!(passes(text), "{text}");
    }
    assert!(!passes("size > 3 M"));
    assert!(!passes("age > 3 days"));
    // The name of a field is no unit.
    assert!(Filter::parse("size>1 m=5").is_err());
}

#[test]
fn commands_are_compared_by_the_name_of_the_program() {
    for text in [
        "cmd=java",
        "cmd=JAVA",
        "cmd=postgres",
        "cmd=post",
        "cmd=psql",
        "cmd=x*",
        "created-by=java",
        "created-by=/usr/bin/java",
        "created-by=\"java -Xmx4g\"",
        "created-by=j*a",
        "creator-command~Xmx4g",
        "used-by=postgres",
        "last-command~idle",
        "attached-by=psql",
        "attached-by=psql,nothing",
        "attached-commands=xorg",
    ] {
        assert!(passes(text), "{text}");
    }
    for text in [
        "cmd=Xmx4g",
        "cmd=usr",
        "cmd!=java",
        "created-by=postgres",
        "used-by=java",
        "used-by=idle",
        "attached-by=x3",
        "created-by=ja",
        "created-by=j",
    ] {
        let expected = matches!(text, "created-by=ja" | "created-by=j");
        assert_eq!(passes(text), expected, "{text}");
    }
}

#[test]
fn globs_match_whole_texts_and_quotes_switch_them_off() {
    for text in [
        "owner=post*",
        "owner=*gres",
        "owner=p?stgres",
        "owner~stg?e",
        "owner!=ada*",
        "key=0x0052*",
        "group=a*",
        "post*",
        "*gres locked",
    ] {
        assert!(passes(text), "{text}");
    }
    for text in [
        "owner=stg*",
        "owner=\"post*\"",
        "ost*",
        "owner!=p*",
        "key=0x51*",
    ] {
        assert!(!passes(text), "{text}");
    }
}

#[test]
fn modes_are_compared_as_octal_as_letters_and_by_bits() {
    for text in [
        "mode=642",
        "mode=rw-r---w-",
        "mode=-rw-r---w-",
        "mode!=rw-rw-rw-",
        "mode&002",
        "mode & 002",
        "mode&o+w",
        "mode&-------w-",
        "mode&022",
        "mode&go+w",
        "mode&042=042",
        "!mode&020",
        "perms&a+r",
    ] {
        assert!(passes(text), "{text}");
    }
    for text in [
        "mode&020",
        "mode&022=022",
        "mode&g+w",
        "mode=rw-r-----",
        "!(mode&002)",
    ] {
        assert!(!passes(text), "{text}");
    }
}

#[test]
fn every_column_can_be_compared() {
    for definition in crate::model::column::COLUMNS {
        let names = FIELDS.iter().flat_map(|field| field.names.iter());
        let known = Field::named(definition.name).is_some();
        assert!(
            known,
            "{} is not one of {:?}",
            definition.name,
            names.collect::<Vec<_>>()
        );
    }
    for text in [
        "uid=109",
        "gid=4",
        "cuid=1000",
        "cuid>=1000",
        "cgid=4",
        "cgroup=adm",
        "cgroup=4",
        "group=adm",
        "ctime<now",
        "ctime=1970-01-10",
        "ctime>=1970-01-10 && ctime<1970-01-11",
        "ctime=\"1970-01-10 13:46\"",
        "ctime=1970-01-10 13:46",
        "ctime=1970-01-10 13:46:40",
        "ctime=1970-01-10T13:46:40Z",
        "dtime=today",
        "dtime>-2h",
        "dtime=12:46",
        "dtime!=yesterday",
        "ctime=@827200",
    ] {
        assert!(passes(text), "{text}");
    }
    for text in [
        "ctime>-1d",
        "dtime<today",
        "atime=today",
        "atime!=today",
        "uid=1000",
    ] {
        assert!(!passes(text), "{text}");
    }
}

#[test]
fn what_does_not_hold_does_not_pass() {
    for text in [
        "size>2m",
        "owner=root",
        "owner!=postgres",
        "owner!=109",
        "state=orphan",
        "dest",
        "not locked",
        "attach<5m",
        "attach>5m",
        "attach!=5m",
        "cmd!~java",
        "nothing",
        "size<1m or owner=root",
        "owner=postgres and dest or id=8",
        "pid!=812",
    ] {
        assert!(!passes(text), "{text}");
    }
}

#[test]
fn errors_stand_where_the_error_is_and_say_what_is_right() {
    for (text, caret) in [
        (
            "sise>1m",
            "^^^^ there is no field `sise`; did you mean `size`?",
        ),
        (
            "ownr:ada",
            "^^^^ there is no field `ownr`; write owner:ada, or \"ownr:ada\" as a word",
        ),
        ("size>", "     ^ a value is missing here, as in size>=1.5m"),
        (
            "size>&&a",
            "     ^ a value is missing here, as in size>=1.5m",
        ),
        (
            "size>1x",
            "     ^^ `1x` is not a size: a number and b, k, m, g, t or p",
        ),
        (
            "size~1",
            "    ^ `size` cannot be compared with `~`; write size>=1.5m",
        ),
        (
            "owner>a",
            "     ^ `owner` cannot be compared with `>`; write owner=root",
        ),
        (
            "owner&a",
            "     ^ `&` tests bits of a mode, as in mode&002; for two conditions write `owner... && ...`",
        ),
        ("size>1m,2m", "        ^^ `>` takes one value, not a list"),
        (
            "owner=,a",
            "      ^ a value is missing here, as in owner=root",
        ),
        (
            "owner=a,",
            "        ^ a value is missing here, as in owner=root",
        ),
        (
            "owner=a,,b",
            "        ^ a value is missing here, as in owner=root",
        ),
        ("id=7,x", "     ^ `x` is not a number"),
        (
            "uid=ada",
            "    ^^^ `ada` is not a number; for a name write owner=ada",
        ),
        (
            "state=lost",
            "      ^^^^ `lost` is not a state: in-use, idle, orphan, possible-orphan, likely-orphan, removed, unknown",
        ),
        (
            "status=huge",
            "       ^^^^ `huge` is not a status: dest, locked, hugetlb, noreserve",
        ),
        (
            "ctime>2d",
            "      ^^ `2d` is not a moment; for 2d before now write -2d",
        ),
        (
            "ctime>soon",
            "      ^^^^ `soon` is not a moment: 2026-11-20, 2026-11-20T08:00, 08:00, today, yesterday or -2h",
        ),
        (
            "age>x",
            "    ^ `x` is not a duration: numbers and s, m, h, d or w",
        ),
        ("size=>1m", "    ^^ write `>=`"),
        ("a | b", "  ^ write `||` or `or`"),
        ("size<>1m", "    ^^ write `!=`"),
        ("(a or b", "^ this parenthesis is not closed"),
        ("a)", " ^ this parenthesis has no opening one"),
        ("a or", "    ^ something is missing here"),
        ("a &&", "    ^ something is missing here"),
        ("&& a", "^^ something is missing before `&&`"),
        (
            "or a",
            "^^ something is missing before `or`; as a word write \"or\"",
        ),
        (
            "=5",
            "^ the name of a field is missing before this, as in owner=root; as a word write \"=\"",
        ),
        ("ö \"a", "  ^^ the quote is not closed"),
        (
            "mode=999",
            "     ^^^ `999` is not a mode: octal as 640, or rw-r-----; for bits write mode&002 or mode&o+w",
        ),
        (
            "mode=o+w",
            "     ^^^ `o+w` is not a mode: octal as 640, or rw-r-----; for bits write mode&002 or mode&o+w",
        ),
        (
            "mode&z",
            "     ^ `z` are not bits: octal as 002, or o+w, or as in the table -------w-",
        ),
        ("mode&2!=2", "      ^^ write !(mode&022=022) for that"),
        (
            "size=(1)",
            "     ^ a value is missing here, as in size>=1.5m",
        ),
        ("!", " ^ something is missing here"),
    ] {
        let error = Filter::parse(text).unwrap_err();
        let explained = error.explain(text);
        let line = explained.lines().nth(1).unwrap();
        assert_eq!(line, caret, "{text}");
    }
    let error = Filter::parse("frob=1").unwrap_err();
    assert!(
        error.message.contains("the fields are id key owner"),
        "{error}"
    );
    assert!(error.message.contains("dtime"), "{error}");
}

#[test]
fn only_a_filter_for_attached_commands_needs_a_scan() {
    let needs = |text| {
        let columns = Filter::parse(text).unwrap().columns();
        columns.contains(&Column::AttachedCommands)
    };
    assert!(needs("size>1m or !(attached-by=psql)"));
    assert!(!needs("cmd=psql attached=0 word post*"));
}

#[test]
fn every_example_of_the_help_is_a_filter() {
    for field in FIELDS {
        assert!(Filter::parse(field.example).is_ok(), "{}", field.example);
    }
}

#[test]
fn a_thousand_parentheses_are_refused_and_not_a_crash() {
    for text in [
        "(".repeat(100_000),
        "!".repeat(100_000),
        "not ".repeat(100_000),
    ] {
        assert!(Filter::parse(&text).is_err());
    }
}
