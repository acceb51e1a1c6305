/*
 * certificates.h - whom we believe: the system's authorities, and the setting's
 */
#ifndef POSTERN_EXCHANGE_HTTP_CERTIFICATES_H
#define POSTERN_EXCHANGE_HTTP_CERTIFICATES_H

#include <stdbool.h>

#include "proxy/base/buf.h"

/* Puts the system's certificates and those of the file `added`, which may be
 * "", into `out`.  False when that file cannot be read or holds none. */
bool certificates_load(const char *added, struct buf *out);

#endif
