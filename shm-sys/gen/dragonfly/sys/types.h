/* The types that the two headers beside this one use, as DragonFly 6 defines
 * them on x86_64 (sys/types.h, cpu/x86_64/include/stdint.h). */
#ifndef _SYS_TYPES_H_
#define _SYS_TYPES_H_
typedef unsigned int uid_t;
typedef unsigned int gid_t;
typedef int pid_t;
typedef unsigned short mode_t;
typedef long key_t;
typedef long time_t;
typedef __SIZE_TYPE__ size_t;
#endif
