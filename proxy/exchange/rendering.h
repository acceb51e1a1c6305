/*
 * rendering.h - a message that Exchange has rendered once more
 *
 * What clients were told of a message (its size, its structure) belongs to the
 * rendering they were told from.  Exchange makes up the lines between the parts
 * each time anew: with the former ones put back, a later rendering becomes the
 * one that was told, octet by octet.
 */
#ifndef POSTERN_EXCHANGE_RENDERING_H
#define POSTERN_EXCHANGE_RENDERING_H

#include "proxy/base/op.h"
#include "proxy/format/mime.h"

struct spool;

/* The structure of a message; NULL when the disk cannot be read. */
struct mime_part *rendering_scan(struct op *op, const struct spool *content);

/* The content with the boundaries of `told` in the places of those of `now`,
 * which is its structure.  NULL when the two do not have the same parts or the
 * disk refuses. */
struct spool *rendering_restore(struct op *op, const struct spool *content,
                                const struct mime_part *now,
                                const struct mime_part *told);

#endif
