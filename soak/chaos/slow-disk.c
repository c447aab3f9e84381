/*
 * A disk that is slow or full, for one process: loaded in front of the C library, it holds up what is written below
 * the folder SLOW_DISK_FOLDER, or lets no file there grow. How is read from the file SLOW_DISK_CONTROL at each call,
 * which has two numbers: the ms that every call takes longer, and the errno with which it fails where a file would
 * have to grow; 0 0 is a disk as it should be.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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

/* Holds the caller up. True when what ends at that place has to fail, with errno set. */
static int suffers(int fd, off64_t end) {
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
  struct stat now;
  int grows = fstat(fd, &now) == 0 && end > now.st_size;
  errno = error != 0 && grows ? error : saved;
  return error != 0 && grows;
}

static off64_t length_of(const struct iovec *parts, int count) {
  off64_t length = 0;
  for (int i = 0; i < count; i++) length += parts[i].iov_len;
  return length;
}

/* Where the next write without a place of its own begins. */
static off64_t here(int fd) {
  return lseek64(fd, 0, SEEK_CUR);
}

#define REAL(name) \
  static __typeof__(&name) real; \
  if (real == NULL) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

int fsync(int fd) {
  REAL(fsync);
  suffers(fd, 0);
  return real(fd);
}

int fdatasync(int fd) {
  REAL(fdatasync);
  suffers(fd, 0);
  return real(fd);
}

ssize_t write(int fd, const void *bytes, size_t length) {
  REAL(write);
  return suffers(fd, here(fd) + length) ? -1 : real(fd, bytes, length);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  REAL(writev);
  return suffers(fd, here(fd) + length_of(parts, count)) ? -1 : real(fd, parts, count);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) {
  REAL(pwrite);
  return suffers(fd, at + length) ? -1 : real(fd, bytes, length, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) {
  REAL(pwrite64);
  return suffers(fd, at + length) ? -1 : real(fd, bytes, length, at);
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) {
  REAL(pwritev);
  return suffers(fd, at + length_of(parts, count)) ? -1 : real(fd, parts, count, at);
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t at) {
  REAL(pwritev64);
  return suffers(fd, at + length_of(parts, count)) ? -1 : real(fd, parts, count, at);
}
