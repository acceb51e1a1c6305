/*
 * append_content.c - what APPEND and REPLACE store: putting it together
 */
#include <string.h>

#include "imap/append.h"
#include "imap/command.h"
#include "imap/fetch_section.h"
#include "imap/folder.h"
#include "imap/message_url.h"
#include "imap/name.h"
#include "imap/utf7.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/spool.h"
#include "proxy/exchange/mail.h"
#include "proxy/format/mime_transfer.h"

/* What comes in one piece from a spool. */
#define PIECE (16 * 1024)

struct content {
    struct imap_command *command;
    struct spool *out;
    struct imap_answer *answer;
};

static bool refuse(struct content *content, const char *code, const char *text)
{
    *content->answer = imap_no(content->command, code, text);
    return false;
}

static bool fail(struct content *content, enum status status)
{
    *content->answer = imap_failed(content->command, status);
    return false;
}

static void free_spool(void *spool)
{
    struct spool *old = spool;

    spool_free(&old);
}

/* A spool that goes with the command, of a message that may be taken. */
static struct spool *new_spool(struct imap_command *command)
{
    struct spool *spool = spool_new(NULL, imap_message_limit(command->session));

    arena_defer(command->op->arena, free_spool, spool);
    return spool;
}

/* Why it could not be written, for the client. */
static bool written(struct content *content)
{
    switch (spool_failed(content->out)) {
    case SPOOL_GOOD:
        return true;
    case SPOOL_OVER_LIMIT:
        return refuse(content, "TOOBIG",
                      "Exchange does not take messages of this size");
    default:
        return refuse(content, "LIMIT",
                      "There is no space for this message here");
    }
}

static bool copy(struct content *content, const struct spool *from,
                 uint64_t offset, uint64_t len)
{
    char piece[PIECE];

    while (len > 0) {
        long got =
            spool_read(from, offset, piece, len < PIECE ? (size_t)len : PIECE);

        if (got <= 0)
            return refuse(content, "LIMIT", "A part cannot be read any more");
        if (!spool_write(content->out, piece, (size_t)got))
            return written(content);
        offset += (uint64_t)got;
        len -= (uint64_t)got;
    }
    return true;
}

/* --- Parts of other messages ---------------------------------------------- */

/* Names the URL as it was given; what the code cannot hold is left out. */
static bool bad_url(struct content *content, const char *url)
{
    struct buf code;

    buf_init(&code, content->command->op->arena);
    buf_puts(&code, "BADURL ");
    for (const char *at = url; *at != '\0'; at++)
        if ((unsigned char)*at >= ' ' && strchr("\\]\x7f", *at) == NULL)
            buf_putc(&code, *at);
    return refuse(content, code.data, "There is nothing to be had there");
}

/* The path to where the selected mailbox lies, with "/"; "" for the top. */
static enum status find_base(struct imap_command *command, const char **out)
{
    struct imap_session *session = command->session;
    struct imap_mailboxes mailboxes;
    const char *slash = NULL;
    enum status status =
        imap_mailboxes_load(command->op, session->account, &mailboxes);

    *out = "";
    if (status != STATUS_OK || session->folder == NULL)
        return status;
    for (size_t i = 0; i < mailboxes.count; i++)
        if (mailboxes.list[i].folder->id == imap_folder_id(session->folder) &&
            (slash = strrchr(mailboxes.list[i].name, '/')) != NULL)
            *out = arena_strndup(command->op->arena, mailboxes.list[i].name,
                                 (size_t)(slash + 1 - mailboxes.list[i].name));
    return STATUS_OK;
}

/* The folder that a URL means; STATUS_NO_FOLDER for none. */
static enum status find_folder(struct imap_command *command,
                               const struct message_url *url, int64_t *id_out)
{
    struct imap_session *session = command->session;
    const char *base = "";
    struct folder folder;
    struct buf name;

    if (*url->mailbox == '\0' && session->folder != NULL &&
        url->uid_validity == 0) {
        *id_out = imap_folder_id(session->folder);
        return STATUS_OK;
    }
    enum status status = url->absolute ? STATUS_OK : find_base(command, &base);
    if (status != STATUS_OK)
        return status;
    buf_init(&name, command->op->arena);
    buf_puts(&name, base);
    imap_utf7_encode(&name, url->mailbox);
    status =
        imap_mailbox_find(command->op, session->account, name.data, &folder);
    *id_out = folder.id;
    if (status == STATUS_OK && url->uid_validity != 0 &&
        url->uid_validity != folder.uid_validity)
        return STATUS_NO_FOLDER;
    return status;
}

struct taken {
    struct content *content;
    const struct message_url *url;
    bool found; /* and then `copied` says the rest */
    bool copied;
};

static bool take_message(void *context, const struct mail_content *message)
{
    struct taken *taken = context;
    struct content *content = taken->content;
    struct arena *arena = content->command->op->arena;
    struct fetch_octets octets = { .absent = true };

    if (message->status == STATUS_OK &&
        fetch_section_find(arena, &taken->url->section, message, &octets) !=
            STATUS_OK)
        octets.absent = true;
    taken->found = !octets.absent;
    if (octets.absent)
        return true;
    if (octets.data == NULL)
        taken->copied =
            copy(content, message->content, octets.offset, octets.len);
    else
        taken->copied =
            spool_write(content->out, octets.data, (size_t)octets.len) ||
            written(content);
    return true;
}

static bool take_url(struct content *content, const char *text)
{
    struct imap_command *command = content->command;
    struct message_url url;
    struct taken taken = { .content = content, .url = &url };
    int64_t folder;

    if (!message_url_read(command->op->arena, text, &url))
        return bad_url(content, text);
    enum status status = find_folder(command, &url, &folder);
    if (status == STATUS_OK)
        status =
            mail_read(command->op, command->session->account, folder, &url.uid,
                      1, MAIL_NEED_CONTENT, take_message, &taken);
    if (status == STATUS_NO_FOLDER || status == STATUS_NOT_FOUND ||
        (status == STATUS_OK && !taken.found))
        return bad_url(content, text);
    return status == STATUS_OK ? taken.copied : fail(content, status);
}

/* --- Whole messages ------------------------------------------------------- */

static bool put_together(struct content *content,
                         const struct append_message *message)
{
    for (size_t i = 0; i < message->part_count; i++) {
        const struct append_part *part = &message->parts[i];
        bool taken = part->url != NULL
                         ? take_url(content, part->url)
                         : copy(content, part->text, 0, spool_size(part->text));

        if (!taken)
            return false;
    }
    return true;
}

/* Exchange takes MIME that mail servers can carry: what is binary is put into
 * base64, which loses nothing (RFC 3516, 4.4). */
static bool make_portable(struct content *content, const struct spool **message)
{
    const struct spool *binary = *message;

    switch (mime_transfer_portable(content->command->op->arena, binary)) {
    case MIME_PORTABLE:
        return true;
    case MIME_PORTABLE_ENCODED:
        content->out = new_spool(content->command);
        *message = content->out;
        mime_transfer_encode(content->command->op->arena, binary, content->out);
        return written(content);
    default:
        return refuse(content, "UNKNOWN-CTE",
                      "There are NUL octets where no part is binary");
    }
}

bool append_prepare(struct imap_command *command,
                    const struct append_message *message,
                    struct mail_new *new_out, struct imap_answer *answer_out)
{
    struct content content = { .command = command, .answer = answer_out };

    *new_out = (struct mail_new){
        .content = message->parts[0].text,
        .flags = message->flags,
        .categories = message->categories,
        .received = message->received,
    };
    if (message->part_count > 1 || new_out->content == NULL) {
        new_out->content = content.out = new_spool(command);
        if (!put_together(&content, message))
            return false;
    }
    if (spool_size(new_out->content) == 0)
        return refuse(&content, "CANNOT", "The message is empty");
    return !message->binary || make_portable(&content, &new_out->content);
}
