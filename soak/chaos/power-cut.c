/*
 * Remembers what a power cut would take back: loaded in front of the C library, it writes down what was in a file below
 * the folder POWER_CUT_FOLDER before each write, and forgets it when the file was flushed. What is written down at the
 * end of the process was never on disk for sure. The notes about a file are in POWER_CUT_NOTES, by its inode:
 * the place (8 bytes), the length of what was there (4) and of the path (4), the path, and what was there.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/* A flush forgets what was written before it began, so nothing may be written while it lasts. */
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

static int path_of(int fd, char *path, size_t size) {
  const char *folder = getenv("POWER_CUT_FOLDER");
  if (folder == NULL) return 0;
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, size - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return strncmp(path, folder, strlen(folder)) == 0;
}

static int open_notes(int fd, int flags) {
  struct stat now;
  if (fstat(fd, &now) != 0 || !S_ISREG(now.st_mode)) return -1;
  char name[4096];
  snprintf(name, sizeof name, "%s/%lu", getenv("POWER_CUT_NOTES"), (unsigned long)now.st_ino);
  return (int)syscall(SYS_openat, AT_FDCWD, name, flags | O_WRONLY | O_CLOEXEC, 0600);
}

/* Before so many bytes are written at that place. */
static void note(int fd, off64_t at, size_t length) {
  char path[4096];
  int flags = fcntl(fd, F_GETFL);
  /* What is flushed as it is written cannot be taken back. */
  if (flags < 0 || (flags & (O_DSYNC | O_SYNC)) != 0 || !path_of(fd, path, sizeof path)) return;
  int notes = open_notes(fd, O_CREAT | O_APPEND);
  if (notes < 0) return;
  int readable = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
  size_t head = 8 + 4 + 4;
  uint32_t path_length = (uint32_t)strlen(path);
  char *text = malloc(head + path_length + length);
  ssize_t before = readable < 0 ? 0 : syscall(SYS_pread64, readable, text + head + path_length, length, at);
  int64_t place = at;
  uint32_t old_length = before < 0 ? 0 : (uint32_t)before;
  memcpy(text, &place, 8);
  memcpy(text + 8, &old_length, 4);
  memcpy(text + 12, &path_length, 4);
  memcpy(text + head, path, path_length);
  syscall(SYS_write, notes, text, head + path_length + old_length);
  free(text);
  if (readable >= 0) syscall(SYS_close, readable);
  syscall(SYS_close, notes);
}

static void forget(int fd) {
  char path[4096];
  if (!path_of(fd, path, sizeof path)) return;
  int notes = open_notes(fd, O_TRUNC);
  if (notes >= 0) syscall(SYS_close, notes);
}

static size_t length_of(const struct iovec *parts, int count) {
  size_t length = 0;
  for (int i = 0; i < count; i++) length += parts[i].iov_len;
  return length;
}

static off64_t here(int fd) {
  return lseek64(fd, 0, SEEK_CUR);
}

#define REAL(name) \
  static __typeof__(&name) real; \
  if (real == NULL) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

#define NOTED(fd, at, length, call) \
  int before = errno; \
  pthread_mutex_lock(&turn); \
  note(fd, at, length); \
  errno = before; \
  __typeof__(call) result = call; \
  pthread_mutex_unlock(&turn); \
  return result

/* Long enough to be hit by the end of the process, which is to find much that is not flushed. */
static const struct timespec FLUSH_TIME = {0, 5000000};

#define FLUSHED(fd, call) \
  nanosleep(&FLUSH_TIME, NULL); \
  pthread_mutex_lock(&turn); \
  int result = call; \
  int after = errno; \
  if (result == 0) forget(fd); \
  errno = after; \
  pthread_mutex_unlock(&turn); \
  return result

int fsync(int fd) {
  REAL(fsync);
  FLUSHED(fd, real(fd));
}

int fdatasync(int fd) {
  REAL(fdatasync);
  FLUSHED(fd, real(fd));
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  REAL(writev);
  NOTED(fd, here(fd), length_of(parts, count), real(fd, parts, count));
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) {
  REAL(pwrite);
  NOTED(fd, at, length, real(fd, bytes, length, at));
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) {
  REAL(pwrite64);
  NOTED(fd, at, length, real(fd, bytes, length, at));
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) {
  REAL(pwritev);
  NOTED(fd, at, length_of(parts, count), real(fd, parts, count, at));
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t at) {
  REAL(pwritev64);
  NOTED(fd, at, length_of(parts, count), real(fd, parts, count, at));
}
