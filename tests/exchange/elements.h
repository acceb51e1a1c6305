/*
 * elements.h - fields of items whose elements are more than their text
 */
#ifndef POSTERN_TESTS_EXCHANGE_ELEMENTS_H
#define POSTERN_TESTS_EXCHANGE_ELEMENTS_H

#include "tests/exchange/call.h"
#include "tests/exchange/path.h"

/* Each writes the element of a field, or nothing if the item has none. */
void put_mime_field(struct call *call, const struct field *field,
                    struct sim_item *item);
void put_id_field(struct call *call, const struct field *field,
                  struct sim_item *item);
void put_parent_field(struct call *call, const struct field *field,
                      struct sim_item *item);
void put_body_field(struct call *call, const struct field *field,
                    struct sim_item *item);
void put_attachments_field(struct call *call, const struct field *field,
                           struct sim_item *item);
void put_time_field(struct call *call, const struct field *field,
                    struct sim_item *item);
void put_categories_field(struct call *call, const struct field *field,
                          struct sim_item *item);
void put_headers_field(struct call *call, const struct field *field,
                       struct sim_item *item);
void put_responses_field(struct call *call, const struct field *field,
                         struct sim_item *item);
void put_rights_field(struct call *call, const struct field *field,
                      struct sim_item *item);
void put_flag_field(struct call *call, const struct field *field,
                    struct sim_item *item);
void put_conversation_field(struct call *call, const struct field *field,
                            struct sim_item *item);
void put_addresses_field(struct call *call, const struct field *field,
                         struct sim_item *item);

#endif
