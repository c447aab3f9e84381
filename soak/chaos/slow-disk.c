/*
 * A disk that is slow or full, for one process: loaded in front of the C library, it holds up or refuses what is
 * written below the folder SLOW_DISK_FOLDER. How is read from the file SLOW_DISK_CONTROL at each call, which has two
 * numbers: the ms that every call takes longer, and the errno with which it fails; 0 0 is a disk as it should be.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static int is_below_folder(int fd) {
  const char *folder = getenv("SLOW_DISK_FOLDER");
  if (folder == NULL) return 0;
  char link[64];
  char path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return strncmp(path, folder, strlen(folder)) == 0;
}

/* Holds the caller up. True when the call has to fail, with errno set. */
static int suffers(int fd) {
  int saved = errno;
  const char *control = getenv("SLOW_DISK_CONTROL");
  if (control == NULL || !is_below_folder(fd)) return errno = saved, 0;
  char text[64] = "0 0";
  int file = (int)syscall(SYS_openat, AT_FDCWD, control, O_RDONLY | O_CLOEXEC);
  if (file >= 0) {
    ssize_t length = syscall(SYS_read, file, text, sizeof text - 1);
    if (length > 0) text[length] = 0;
    syscall(SYS_close, file);
  }
  long ms = 0;
  int error = 0;
  sscanf(text, "%ld %d", &ms, &error);
  struct timespec pause = {ms / 1000, ms % 1000 * 1000000};
  if (ms > 0) nanosleep(&pause, NULL);
  errno = error == 0 ? saved : error;
  return error != 0;
}

/* What is flushed has been written: that much a full disk can still do. */
static void suffers_delay(int fd) {
  int saved = errno;
  suffers(fd);
  errno = saved;
}

#define REAL(name) \
  static __typeof__(&name) real; \
  if (real == NULL) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

int fsync(int fd) {
  REAL(fsync);
  suffers_delay(fd);
  return real(fd);
}

int fdatasync(int fd) {
  REAL(fdatasync);
  suffers_delay(fd);
  return real(fd);
}

ssize_t write(int fd, const void *bytes, size_t length) {
  REAL(write);
  return suffers(fd) ? -1 : real(fd, bytes, length);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  REAL(writev);
  return suffers(fd) ? -1 : real(fd, parts, count);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) {
  REAL(pwrite);
  return suffers(fd) ? -1 : real(fd, bytes, length, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) {
  REAL(pwrite64);
  return suffers(fd) ? -1 : real(fd, bytes, length, at);
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) {
  REAL(pwritev);
  return suffers(fd) ? -1 : real(fd, parts, count, at);
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t at) {
  REAL(pwritev64);
  return suffers(fd) ? -1 : real(fd, parts, count, at);
}

int ftruncate(int fd, off_t length) {
  REAL(ftruncate);
  return suffers(fd) ? -1 : real(fd, length);
}

int ftruncate64(int fd, off64_t length) {
  REAL(ftruncate64);
  return suffers(fd) ? -1 : real(fd, length);
}
