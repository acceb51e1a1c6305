/*
 * receipts.c - telling the sender that his message was read, or was not
 *
 * A message that asks for a receipt is pending until it is read.  Whoever sets
 * its read flag, or deletes it unread, has the receipt sent, unless he says
 * otherwise.
 */
#include "tests/exchange/model.h"

#include <string.h>

#include "proxy/base/time.h"
#include "tests/exchange/letter.h"

bool sim_wants_receipt(const struct sim_content *content)
{
    struct arena *arena = arena_new();
    bool wants = letter_field(arena, content->data, content->header_len,
                              "Disposition-Notification-To") != NULL;

    arena_free(&arena);
    return wants;
}

static struct sim_content *receipt_for(struct arena *arena,
                                       const struct sim_item *item,
                                       const char *to, bool read)
{
    const struct sim_mailbox *reader = item->folder->mailbox;
    const struct sim_content *content = item->content;
    const char *subject = letter_field(arena, content->data,
                                       content->header_len, "Subject");
    char date[40];
    struct buf out;

    buf_init(&out, arena);
    time_to_rfc5322(time_now(), date);
    buf_printf(&out,
               "From: <%s>\r\nTo: <%s>\r\nSubject: %s: %s\r\nDate: %s\r\n"
               "MIME-Version: 1.0\r\nContent-Type: multipart/report;\r\n"
               "\treport-type=disposition-notification; boundary=\"r\"\r\n\r\n"
               "--r\r\nContent-Type: text/plain\r\n\r\nYour message was %s.\r\n"
               "--r\r\nContent-Type: message/disposition-notification\r\n\r\n"
               "Final-Recipient: rfc822;%s\r\nDisposition: "
               "automatic-action/MDN-sent-automatically; %s\r\n--r--\r\n",
               reader->address, to, read ? "Read" : "Not read",
               subject == NULL ? "" : subject, date,
               read ? "read" : "deleted unread", reader->address,
               read ? "displayed" : "deleted");
    return sim_content_new(out.data, out.len);
}

void sim_item_answer_receipt(struct sim_item *item, bool read, bool suppress)
{
    struct exchange *exchange = item->folder->mailbox->exchange;
    const struct sim_content *content = item->content;
    struct arena *arena = arena_new();
    struct letter_address *to;
    struct sim_mailbox *sender = NULL;

    to = letter_addresses(arena, content->data, content->header_len,
                          "Disposition-Notification-To");
    if (item->flags & FLAG_RECEIPT_PENDING && !suppress &&
        to[0].address != NULL)
        sender = sim_mailbox_find(exchange, to[0].address);
    item->flags &= ~FLAG_RECEIPT_PENDING;
    if (sender != NULL) {
        struct sim_content *receipt =
            receipt_for(arena, item, to[0].address, read);

        sim_item_add(sim_folder_by_use(sender, "inbox"),
                     &(struct sim_item_template){
                         .content = receipt,
                         .class = read ? "REPORT.IPM.Note.IPNRN"
                                       : "REPORT.IPM.Note.IPNNRN",
                         .received = time_now(),
                         .submitted = TIME_NONE,
                         .transported = true });
        sim_content_unref(&receipt);
    }
    arena_free(&arena);
}
