/*
 * notify_events.c - what events say has changed
 *
 * An event names an item or a folder, and where it is or was.  Only the places
 * matter here: what has changed in them is for a sync to find out, since events
 * differ between versions and may be lost.
 */
#include <string.h>

#include "proxy/base/str.h"
#include "proxy/exchange/ews/notify.h"

static void tell(const struct remote_watch *watch, enum remote_news_kind kind,
                 const struct xml_node *event, const char *element)
{
    const char *id =
        element != NULL ? xml_value(xml_child(event, element), "Id") : NULL;
    struct remote_news news = { .kind = kind, .folder = id };

    if (id != NULL || kind == REMOTE_NEWS_TREE)
        watch->tell(watch->context, &news);
}

static void read_event(const struct remote_watch *watch,
                       const struct xml_node *event)
{
    if (xml_child(event, "FolderId") == NULL) {
        tell(watch, REMOTE_NEWS_MESSAGES, event, "ParentFolderId");
        tell(watch, REMOTE_NEWS_MESSAGES, event, "OldParentFolderId");
    } else if (strcmp(event->name, "ModifiedEvent") == 0) {
        tell(watch, REMOTE_NEWS_FOLDER, event, "FolderId");
    } else {
        tell(watch, REMOTE_NEWS_TREE, event, NULL);
    }
}

const char *notify_read(const struct remote_watch *watch,
                        const struct xml_node *notification)
{
    const char *last = NULL;

    if (notification == NULL)
        return NULL;
    for (const struct xml_node *node = notification->children; node != NULL;
         node = node->next) {
        const char *watermark = xml_child_text(node, "Watermark");

        if (watermark != NULL && *watermark != '\0')
            last = watermark;
        if (str_ends_nocase(node->name, "Event") &&
            strcmp(node->name, "StatusEvent") != 0)
            read_event(watch, node);
    }
    return last;
}
