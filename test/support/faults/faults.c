/* Fails one call that writes, by a counter: preloaded, and told from within what to fail (see faults.ts). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { NONE, FULL, BROKEN, KILL };

static atomic_int left = 0, kind = NONE, fired = 0;
static char under[4096];

/* Fails the `nth` write, sync, truncation or renaming below `folder` from now on; 0 fails none. */
void fault_arm(int nth, int what, const char *folder) {
  atomic_store(&left, 0);
  snprintf(under, sizeof under, "%s", folder);
  atomic_store(&kind, what);
  atomic_store(&fired, 0);
  atomic_store(&left, nth);
}
int fault_fired(void) { return atomic_load(&fired); }

static int below(const char *path) { return strncmp(path, under, strlen(under)) == 0; }
static int below_fd(int fd) {
  char name[64], path[4096];
  snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(name, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return below(path);
}
static int fails(int counts) {
  if (atomic_load(&left) <= 0 || !counts || atomic_fetch_sub(&left, 1) != 1) return 0;
  atomic_store(&fired, 1);
  if (atomic_load(&kind) == KILL) return 1;
  errno = atomic_load(&kind) == FULL ? ENOSPC : EIO;
  return 1;
}
#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
/* A process that is killed in the middle of a write leaves half of it. */
#define END() do { if (atomic_load(&kind) == KILL) raise(SIGKILL); return -1; } while (0)

ssize_t write(int fd, const void *bytes, size_t size) {
  if (fails(below_fd(fd))) { if (atomic_load(&kind) == KILL) REAL(write)(fd, bytes, size / 2); END(); }
  return REAL(write)(fd, bytes, size);
}
ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at) {
  if (fails(below_fd(fd))) { if (atomic_load(&kind) == KILL) REAL(pwrite)(fd, bytes, size / 2, at); END(); }
  return REAL(pwrite)(fd, bytes, size, at);
}
ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at) {
  if (fails(below_fd(fd))) { if (atomic_load(&kind) == KILL) REAL(pwrite64)(fd, bytes, size / 2, at); END(); }
  return REAL(pwrite64)(fd, bytes, size, at);
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
  if (fails(below_fd(fd))) END();
  return REAL(writev)(fd, parts, count);
}
int fsync(int fd) { if (fails(below_fd(fd))) END(); return REAL(fsync)(fd); }
int fdatasync(int fd) { if (fails(below_fd(fd))) END(); return REAL(fdatasync)(fd); }
int ftruncate(int fd, off_t size) { if (fails(below_fd(fd))) END(); return REAL(ftruncate)(fd, size); }
int ftruncate64(int fd, off64_t size) { if (fails(below_fd(fd))) END(); return REAL(ftruncate64)(fd, size); }
int rename(const char *from, const char *to) { if (fails(below(to))) END(); return REAL(rename)(from, to); }
