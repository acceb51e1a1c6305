/*
 * search_command.h - what SEARCH, SORT and THREAD have in common
 */
#ifndef POSTERN_IMAP_SEARCH_COMMAND_H
#define POSTERN_IMAP_SEARCH_COMMAND_H

#include "imap/command.h"
#include "imap/search_keys.h"
#include "imap/search_return.h"

/* Searches as it was `read`.  With IMAP_OK the result is what was found, in the
 * order of the folder; else the answer to the client. */
struct imap_answer search_command_run(struct imap_command *command,
                                      const struct search_return *returns,
                                      enum search_reading read,
                                      const struct search_query *query,
                                      struct search_result *result_out);

#endif
