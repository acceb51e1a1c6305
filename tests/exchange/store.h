/*
 * store.h - items from elements: what CreateItem and UpdateItem put into them
 */
#ifndef POSTERN_TESTS_EXCHANGE_STORE_H
#define POSTERN_TESTS_EXCHANGE_STORE_H

#include "tests/exchange/call.h"

/* The message that a <t:Message> describes: the content that is given, or
 * `base` (NULL: a new one), with every header that an element names replaced.
 */
struct sim_content *compose(struct call *call, const struct node *message,
                            const struct sim_content *base);

/* `base` without the header or body that a FieldURI names. */
struct sim_content *compose_without(const char *uri,
                                    const struct sim_content *base);

/* Whether a FieldURI is one that lives in the content. */
bool compose_knows(const char *uri);

/* Puts an ExtendedProperty element into an item.  What the store computes
 * itself is left alone; the flags and times that only a new item takes need
 * `creating`. */
const char *store_property(struct call *call, struct sim_item *item,
                           const struct node *property, bool creating);

/* Categories and item:Flag. */
void store_categories(struct call *call, struct sim_item *item,
                      const struct node *list);
void store_flag(struct sim_item *item, const char *status);

/* NULL for SUBMIT_OK. */
const char *submit_code(enum sim_submit_result result);

#endif
