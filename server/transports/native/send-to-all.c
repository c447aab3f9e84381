/*
 * One frame to many sockets with one call: what is left of a delivery is the kernel's send.
 * See docs/decisions/0021.
 */
#define NAPI_VERSION 8
#include <errno.h>
#include <stdint.h>
#include <sys/socket.h>
#include <node_api.h>

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0 /* Node ignores SIGPIPE for the whole process. */
#endif

/* How many bytes the kernel took at once; 0 when it took none, for whatever reason: the stream finds it out again. */
static int32_t send_once(int descriptor, const void *frame, size_t length) {
  ssize_t taken;
  if (descriptor < 0) return 0;
  do
    taken = send(descriptor, frame, length, MSG_DONTWAIT | MSG_NOSIGNAL);
  while (taken < 0 && errno == EINTR);
  return taken < 0 ? 0 : (int32_t)taken;
}

static napi_value fail(napi_env env, const char *message) {
  napi_throw_type_error(env, NULL, message);
  return NULL;
}

/*
 * sendToAll(frame: Uint8Array, sockets: Int32Array, count: number): number
 *
 * Sends `frame` to the first `count` of `sockets`, which are file descriptors; each is replaced with the number of
 * bytes that its socket took. Answers how many did not take all of it.
 */
static napi_value send_to_all(napi_env env, napi_callback_info info) {
  size_t argc = 3;
  napi_value argv[3];
  napi_typedarray_type frame_type, sockets_type;
  size_t length, room;
  void *frame, *sockets;
  uint32_t count, unfinished = 0;
  napi_value answer;

  if (napi_get_cb_info(env, info, &argc, argv, NULL, NULL) != napi_ok || argc < 3)
    return fail(env, "sendToAll takes a frame, sockets and a count");
  if (napi_get_typedarray_info(env, argv[0], &frame_type, &length, &frame, NULL, NULL) != napi_ok ||
      frame_type != napi_uint8_array || length > INT32_MAX)
    return fail(env, "sendToAll: the frame is no Uint8Array");
  if (napi_get_typedarray_info(env, argv[1], &sockets_type, &room, &sockets, NULL, NULL) != napi_ok ||
      sockets_type != napi_int32_array)
    return fail(env, "sendToAll: the sockets are no Int32Array");
  if (napi_get_value_uint32(env, argv[2], &count) != napi_ok || count > room)
    return fail(env, "sendToAll: the count is more than there are sockets");

  int32_t *each = sockets;
  for (uint32_t i = 0; i < count; i++) {
    each[i] = send_once(each[i], frame, length);
    if ((size_t)each[i] != length) unfinished++;
  }
  return napi_create_uint32(env, unfinished, &answer) == napi_ok ? answer : NULL;
}

static napi_value init(napi_env env, napi_value exports) {
  napi_value function;
  if (napi_create_function(env, "sendToAll", NAPI_AUTO_LENGTH, send_to_all, NULL, &function) != napi_ok) return NULL;
  return napi_set_named_property(env, exports, "sendToAll", function) == napi_ok ? exports : NULL;
}

NAPI_MODULE(send_to_all, init)
