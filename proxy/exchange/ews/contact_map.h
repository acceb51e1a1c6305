/*
 * contact_map.h - contacts and groups as items of Exchange, and back
 */
#ifndef POSTERN_EXCHANGE_EWS_CONTACT_MAP_H
#define POSTERN_EXCHANGE_EWS_CONTACT_MAP_H

#include "proxy/exchange/ews/soap.h"
#include "proxy/exchange/remote_object.h"
#include "proxy/format/contact.h"

struct arena;

/* A contact as it shall be. */
struct contact_form {
    struct arena *arena; /* for texts that are made on the way */
    const struct contact *contact;
    const struct contact *was; /* NULL: it is new */
    const char *name;          /* NULL: it stays */
    const char *kept;          /* packed; NULL: it stays; "": it goes */
    const char *token;
};

void contact_want(struct soap_request *request, bool group);
struct contact *contact_read(struct arena *arena, const struct xml_node *node,
                             const struct zone *zone);

/* The certificate in one of 0x3A70, in base64; NULL where there is none. */
const char *contact_read_certificate(struct arena *arena, const char *text);

/* Fills in the members of groups where Exchange does not tell them with the
 * rest (2007: one call for each). */
enum status contact_read_members(struct op *op, struct ews *ews,
                                 const struct remote_object_read reads[],
                                 struct contact *const contacts[], size_t count,
                                 struct arena *arena);

/* "t:Contact" or "t:DistributionList" */
const char *contact_element(const struct contact *contact);

/* The children of that of a new one; those of t:Updates. */
void contact_write_new(struct soap_request *request,
                       const struct contact_form *form);
void contact_write_changes(struct soap_request *request,
                           const struct contact_form *form);
bool contact_has_changes(const struct contact_form *form);

/* The same contact with names to show and to sort by, where the client has
 * given none. */
struct contact contact_named(struct arena *arena, const struct contact *contact,
                             const struct contact *was);

#endif
