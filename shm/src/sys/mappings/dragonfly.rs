//! DragonFly: procfs only, which needs no call that std does not make.
