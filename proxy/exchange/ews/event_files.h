/*
 * event_files.h - the files of an event, as they shall be
 */
#ifndef POSTERN_EXCHANGE_EWS_EVENT_FILES_H
#define POSTERN_EXCHANGE_EWS_EVENT_FILES_H

#include "proxy/exchange/ews/attachments.h"
#include "proxy/exchange/remote_object.h"

/* How many files of an event Exchange does not have yet. */
size_t event_files_new(const struct event *event);

/* Attaches those. */
enum status event_files_add(struct op *op, struct ews *ews,
                            const struct attachment_parent *parent,
                            const struct event *shall,
                            struct remote_result *result);

/* Makes what was attached (NULL: nothing of its own) into what shall be; the
 * result tells the item's change key after that. */
enum status event_files_write(struct op *op, struct ews *ews, const char *id,
                              const struct event *was,
                              const struct event *shall,
                              struct remote_result *result);

/* The same series, with the files in its hands that a new rule would take away
 * with the exceptions that have them. */
enum status event_files_rescue(struct op *op, struct remote *remote,
                               const struct series *was,
                               const struct series *shall,
                               const struct series **out);

#endif
