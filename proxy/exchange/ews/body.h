/*
 * body.h - bodies of items
 */
#ifndef POSTERN_EXCHANGE_EWS_BODY_H
#define POSTERN_EXCHANGE_EWS_BODY_H

#include "proxy/format/xml.h"

struct arena;

/* Of a t:Body: its plain text, with \n, and the page that this is made from,
 * where it is one.  NULL for an empty one. */
void body_read(struct arena *arena, const struct xml_node *node,
               const char **text_out, const char **html_out);

#endif
