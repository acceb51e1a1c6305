/*
 * directory_private.h - what the files of directory.h share
 */
#ifndef POSTERN_EXCHANGE_DIRECTORY_PRIVATE_H
#define POSTERN_EXCHANGE_DIRECTORY_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/exchange/account_private.h"
#include "proxy/exchange/directory.h"

/* --- Whom to ask (directory_server.c) ------------------------------------- */

/* What is behind us: Exchange, or the directory server that the setting
 * directory.server names.  STATUS_UNSUPPORTED: it has no directory. */
enum status directory_remote_of(struct op *op, struct account *account,
                                struct remote **remote_out);

/* Its answers pass through here, as account_told: what a directory server says
 * of a password says nothing of the one for Exchange.  Returns `status`. */
enum status directory_told(struct account *account, enum status status);

/* --- The organisation (directory_remote.c) -------------------------------- */

/* As people_find, of the organisation alone. */
enum status directory_find_global(struct op *op, struct account *account,
                                  const struct people_query *query,
                                  bool (*each)(void *context,
                                               const struct person *person),
                                  void *context, bool *complete_out);

/* The one with that address, primary or not, in op's arena; NULL: nobody. */
enum status directory_find_address(struct op *op, struct account *account,
                                   const char *address,
                                   const struct person **person_out);

#endif
