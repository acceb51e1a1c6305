/*
 * search_sizes.c - exact sizes for those who want them at any price
 */
#include "imap/search_sizes.h"

#include "config/settings.h"
#include "imap/folder.h"
#include "proxy/base/arena.h"
#include "proxy/exchange/mail.h"
#include "proxy/protocol.h"

/* What is gone or cannot be read goes by its estimate, as it does in FETCH. */
static bool take_size(void *context, const struct mail_content *content)
{
    enum status *failure = context;
    if (content->status != STATUS_OK && content->status != STATUS_NOT_FOUND &&
        content->status != STATUS_CORRUPT)
        *failure = content->status;
    return *failure == STATUS_OK;
}

enum status search_sizes_read(struct imap_command *command,
                              const uint32_t numbers[], size_t count)
{
    struct imap_session *session = command->session;
    struct imap_folder *folder = session->folder;
    enum status failure = STATUS_OK;
    size_t wanted = 0;
    if (!session->gateway->settings->imap.exact_sizes)
        return STATUS_OK;
    count = numbers == NULL ? imap_folder_count(folder) : count;
    uint32_t *uids = arena_array(command->op->arena, count, sizeof *uids);
    for (size_t i = 0; i < count; i++) {
        uint32_t number = numbers == NULL ? (uint32_t)i + 1 : numbers[i];
        uint32_t uid = imap_folder_uid(folder, number);
        const struct mail_entry *entry = imap_folder_entry(folder, uid);
        if (entry != NULL && !entry->size_exact)
            uids[wanted++] = uid;
    }
    if (wanted == 0)
        return STATUS_OK;
    mail_read(command->op, session->account, imap_folder_id(folder), uids,
              wanted, MAIL_NEED_STRUCTURE, take_size, &failure);
    imap_folder_look(command->op, folder);
    return failure;
}
