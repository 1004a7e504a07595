/* No package carries DragonFly's headers. These are the declarations of
 * DragonFly 6 sys/ipc.h that user programs see, written out from its layout;
 * the `layout` tests compare them with the libc crate's. */
#ifndef _SYS_IPC_H_
#define _SYS_IPC_H_
#include <sys/types.h>

struct ipc_perm {
    uid_t cuid;
    gid_t cgid;
    uid_t uid;
    gid_t gid;
    mode_t mode;
    unsigned short seq;
    key_t key;
};

#define IPC_R 000400
#define IPC_W 000200
#define IPC_M 010000

#define IPC_CREAT 001000
#define IPC_EXCL 002000
#define IPC_NOWAIT 004000
#define IPC_PRIVATE (key_t)0
#define IPC_RMID 0
#define IPC_SET 1
#define IPC_STAT 2

key_t ftok(const char *path, int id);
#endif
