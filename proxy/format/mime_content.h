/*
 * mime_content.h - the fields that say what a part is (RFC 2045, 2183, 2231,
 * 3282)
 *
 * Private to the mime files.
 */
#ifndef POSTERN_FORMAT_MIME_CONTENT_H
#define POSTERN_FORMAT_MIME_CONTENT_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct mime_param;
struct mime_part;

/* Sets what the Content-* fields of a header tell: type, parameters, encoding,
 * disposition and so on.  Without a type, or with a broken one, the part is
 * plain text; without one in a digest it is a message. */
void mime_content_parse(struct arena *arena, const char *header, size_t len,
                        bool in_digest, struct mime_part *part);

/* Makes the part what RFC 2045, 5.2 says of one without a type. */
void mime_content_default(struct arena *arena, struct mime_part *part);

/* The value of a parameter, or NULL. */
const char *mime_param_value(const struct mime_param *params, size_t count,
                             const char *name);

#endif
