/*
 * fetch_structure.c - ENVELOPE and BODYSTRUCTURE (RFC 3501, 7.4.2)
 */
#include "imap/fetch_structure.h"

#include "imap/reply.h"
#include "proxy/base/str.h"
#include "proxy/format/mime.h"

/* --- Envelopes ----------------------------------------------------------- */

static void write_addresses(struct imap_out *out,
                            const struct mime_addresses *addresses)
{
    if (addresses->count == 0) {
        imap_out_puts(out, " NIL");
        return;
    }
    imap_out_puts(out, " (");
    for (size_t i = 0; i < addresses->count; i++) {
        const struct mime_address *address = &addresses->list[i];
        imap_out_puts(out, "(");
        imap_out_nstring(out, address->name);
        imap_out_puts(out, " ");
        imap_out_nstring(out, address->route);
        imap_out_puts(out, " ");
        imap_out_nstring(out, address->mailbox);
        imap_out_puts(out, " ");
        imap_out_nstring(out, address->host);
        imap_out_puts(out, ")");
    }
    imap_out_puts(out, ")");
}

void fetch_write_envelope(struct imap_out *out,
                          const struct mime_envelope *envelope)
{
    const struct mime_addresses *from = &envelope->from;
    imap_out_puts(out, "(");
    imap_out_nstring(out, envelope->date);
    imap_out_puts(out, " ");
    imap_out_nstring(out, envelope->subject);
    write_addresses(out, from);
    write_addresses(out, envelope->sender.count > 0 ? &envelope->sender : from);
    write_addresses(out,
                    envelope->reply_to.count > 0 ? &envelope->reply_to : from);
    write_addresses(out, &envelope->to);
    write_addresses(out, &envelope->cc);
    write_addresses(out, &envelope->bcc);
    imap_out_puts(out, " ");
    imap_out_nstring(out, envelope->in_reply_to);
    imap_out_puts(out, " ");
    imap_out_nstring(out, envelope->message_id);
    imap_out_puts(out, ")");
}

/* --- Fields of a part ---------------------------------------------------- */

static void write_word(struct imap_out *out, const char *text)
{
    imap_out_puts(out, " ");
    imap_out_nstring(out, text);
}

static void write_params(struct imap_out *out, const struct mime_param *params,
                         size_t count)
{
    if (count == 0) {
        imap_out_puts(out, " NIL");
        return;
    }
    for (size_t i = 0; i < count; i++) {
        imap_out_puts(out, i == 0 ? " (" : " ");
        imap_out_nstring(out, params[i].name);
        write_word(out, params[i].value);
    }
    imap_out_puts(out, ")");
}

/* What every extensible body ends with: disposition, languages, location. */
static void write_extension(struct imap_out *out, const struct mime_part *part)
{
    if (part->disposition == NULL) {
        imap_out_puts(out, " NIL");
    } else {
        imap_out_puts(out, " (");
        imap_out_nstring(out, part->disposition);
        write_params(out, part->disposition_params,
                     part->disposition_param_count);
        imap_out_puts(out, ")");
    }
    for (size_t i = 0; i < part->language_count; i++) {
        imap_out_puts(out, i == 0 ? " (" : " ");
        imap_out_nstring(out, part->languages[i]);
    }
    imap_out_puts(out, part->language_count > 0 ? ")" : " NIL");
    write_word(out, part->location);
}

/* --- Parts --------------------------------------------------------------- */

static void write_multipart(struct imap_out *out, const struct mime_part *part,
                            bool extended)
{
    for (size_t i = 0; i < part->child_count; i++)
        fetch_write_structure(out, &part->children[i], extended);
    write_word(out, part->subtype);
    if (extended) {
        write_params(out, part->params, part->param_count);
        write_extension(out, part);
    }
}

/* A message that is encoded, or nested too deep, was not looked into: clients
 * would expect its envelope after this type. */
static bool is_opaque_message(const struct mime_part *part)
{
    return part->kind == MIME_LEAF && str_equal_nocase(part->type, "message") &&
           str_equal_nocase(part->subtype, "rfc822");
}

static void write_single(struct imap_out *out, const struct mime_part *part,
                         bool extended)
{
    bool opaque = is_opaque_message(part);
    imap_out_nstring(out, opaque ? "application" : part->type);
    write_word(out, opaque ? "octet-stream" : part->subtype);
    write_params(out, part->params, part->param_count);
    write_word(out, part->id);
    write_word(out, part->description);
    write_word(out, part->encoding);
    imap_out_printf(out, " %llu", (unsigned long long)part->body_size);
    if (part->kind == MIME_MESSAGE) {
        imap_out_puts(out, " ");
        fetch_write_envelope(out, part->children[0].envelope);
        imap_out_puts(out, " ");
        fetch_write_structure(out, &part->children[0], extended);
    }
    if (part->kind == MIME_MESSAGE || str_equal_nocase(part->type, "text"))
        imap_out_printf(out, " %u", part->body_lines);
    if (extended) {
        write_word(out, part->md5);
        write_extension(out, part);
    }
}

void fetch_write_structure(struct imap_out *out, const struct mime_part *part,
                           bool extended)
{
    imap_out_puts(out, "(");
    if (part->kind == MIME_MULTIPART)
        write_multipart(out, part, extended);
    else
        write_single(out, part, extended);
    imap_out_puts(out, ")");
}
