/*
 * resolve.c - ResolveNames: who answers to some letters
 *
 * Exchange matches the beginnings of names, aliases and addresses, and gives a
 * hundred at most.  That it finds several, or nobody, is no failure.
 */
#include "proxy/exchange/ews/directory.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"

static void build(void *context, struct soap_request *request)
{
    struct xml_writer *writer = &request->writer;

    xml_attribute(writer, "ReturnFullContactData", "true");
    xml_attribute(writer, "SearchScope", "ActiveDirectory");
    if (request->version >= EWS_2010_SP2)
        xml_attribute(writer, "ContactDataShape", "AllProperties");
    xml_element(writer, "m:UnresolvedEntry", context);
}

enum status resolve_names(struct op *op, struct ews *ews, const char *text,
                          const struct xml_node **set_out)
{
    struct soap_call call = { .operation = "ResolveNames",
                              .find = true,
                              .build = build,
                              .context = (void *)text };
    const struct xml_node *message;

    *set_out = NULL;
    if (*text == '\0')
        return STATUS_OK;
    struct op before = *op;
    enum status status = soap_ask(op, ews, &call, op->arena, &message);
    if (status == STATUS_NOT_FOUND) {
        op->reason = before.reason;
        op->failed = before.failed;
        return STATUS_OK;
    }
    if (status == STATUS_OK)
        *set_out = xml_child(message, "ResolutionSet");
    return status;
}

/* Of the directory "SMTP:ann@example.com" is the primary address, and "smtp:"
 * stands before others. */
const char *resolve_smtp(const char *address)
{
    if (address == NULL || strchr(address, '@') == NULL)
        return NULL;
    if (str_starts_nocase(address, "smtp:"))
        return address + 5;
    return strchr(address, ':') == NULL && *address != '/' ? address : NULL;
}
