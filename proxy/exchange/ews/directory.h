/*
 * directory.h - the organisation's directory over Exchange Web Services
 *
 * What fills remote_directory.h, and what its files share.
 */
#ifndef POSTERN_EXCHANGE_EWS_DIRECTORY_H
#define POSTERN_EXCHANGE_EWS_DIRECTORY_H

#include "proxy/exchange/ews/ews.h"
#include "proxy/exchange/ews/soap.h"
#include "proxy/exchange/remote_directory.h"

extern const struct remote_directory ews_directory;

/* --- resolve.c ------------------------------------------------------------ */

/* Who matches, as t:Resolution elements; NULL for nobody, which is no failure.
 * One call. */
enum status resolve_names(struct op *op, struct ews *ews, const char *text,
                          const struct xml_node **set_out);

/* The SMTP address in what Exchange says, without the "smtp:" before it; NULL
 * for one of another kind, and for NULL. */
const char *resolve_smtp(const char *address);

/* --- person_read.c -------------------------------------------------------- */

/* Reads a t:Resolution; false when it has no address of any kind. */
bool person_read(struct arena *arena, const struct xml_node *resolution,
                 struct person *person_out);

/* Name and address of a t:Mailbox. */
struct person_link person_read_link(struct arena *arena,
                                    const struct xml_node *mailbox);

/* The same of all children; `count_out` says how many. */
struct person_link *person_read_links(struct arena *arena,
                                      const struct xml_node *list,
                                      size_t *count_out);

/* Gives him these addresses, those that are not SMTP and those that come twice
 * left out; the first is the primary one. */
void person_set_addresses(struct arena *arena, struct person *person,
                          const char *const addresses[], size_t count);

/* A certificate in base64, whatever Exchange or Outlook has around it; NULL
 * where there is none. */
const char *person_read_certificate(struct arena *arena, const char *text);

/* Whether one, as it was read, is among others. */
bool person_lists_certificate(const char *const list[], size_t count,
                              const char *certificate);

/* What a t:MailboxType says; an unknown word is a user. */
enum person_kind person_read_kind(const char *mailbox_type);

/* --- personas.c ----------------------------------------------------------- */

/* A page of those whose name or address begins so, from 2013 on; those without
 * an address are left out.  `more_out` is whether there may be others. */
enum status personas_find(struct op *op, struct ews *ews, const char *text,
                          size_t offset, size_t most,
                          struct person **people_out, size_t *count_out,
                          bool *more_out);

/* --- Slots ---------------------------------------------------------------- */

/* photo.c */
enum status ews_photo(struct op *op, struct remote *remote, const char *address,
                      unsigned pixels, const void **data_out, size_t *len_out,
                      const char **type_out);

#endif
