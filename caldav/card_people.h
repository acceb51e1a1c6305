/*
 * card_people.h - the people of the directory whom a filter may be about
 */
#ifndef POSTERN_CALDAV_CARD_PEOPLE_H
#define POSTERN_CALDAV_CARD_PEOPLE_H

#include <stdbool.h>
#include <stddef.h>

#include "proxy/exchange/directory.h"

struct vcard_filter;

/*
 * Tells of people, each once, until `each` returns false: those found by the
 * texts of the filter, and where there is an offline address book everybody.
 * Who fits the filter is for the caller to see.
 *
 * `complete_out` is false where more are found by a text than are told, and
 * where only a list of everybody could tell who fits.
 */
enum status card_people(struct op *op, struct account *account,
                        const struct vcard_filter *filter,
                        bool (*each)(void *context,
                                     const struct person *person),
                        void *context, bool *complete_out);

#endif
