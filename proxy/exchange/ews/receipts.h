/*
 * receipts.h - keeping read receipts from going out behind the user's back
 *
 * Whoever reads mail here decides himself about receipts.  Since Exchange 2013
 * a call that sets read marks or deletes can say so in an attribute.  Before,
 * each receipt that is pending has to be suppressed ahead of the call.
 */
#ifndef POSTERN_EXCHANGE_EWS_RECEIPTS_H
#define POSTERN_EXCHANGE_EWS_RECEIPTS_H

#include "proxy/exchange/ews/ews.h"

/*
 * Suppresses what is pending on items that are about to be read or deleted;
 * costs nothing from Exchange 2013 on.  Fails only where Exchange cannot be
 * asked at all, before anything was done.  A receipt that it refuses to
 * suppress is worth a warning in the log, and no more: the user wants his mail
 * read or gone first of all.
 */
enum status receipts_suppress(struct op *op, struct ews *ews,
                              const char *const ids[], size_t count);

#endif
