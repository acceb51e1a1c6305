/*
 * ews.c - Exchange Web Services behind the interface: what does what
 */
#include "proxy/exchange/ews/ews.h"

#include "proxy/exchange/ews/directory.h"
#include "proxy/exchange/ews/objects.h"

const struct backend ews_backend = {
    .name = "ews",
    .open = ews_open,
    .close = ews_close,
    .folders_sync = ews_folders_sync,
    .folder_create = ews_folder_create,
    .folder_update = ews_folder_update,
    .folder_delete = ews_folder_delete,
    .folder_stamps = ews_folder_stamps,
    .items_sync = ews_items_sync,
    .items_list = ews_items_list,
    .items_get = ews_items_get,
    .items_read = ews_items_read,
    .items_preview = ews_items_preview,
    .items_update = ews_items_update,
    .items_copy = ews_items_copy,
    .items_move = ews_items_move,
    .items_delete = ews_items_delete,
    .item_create = ews_item_create,
    .send = ews_send,
    .find_new = ews_find_new,
    .search = ews_search,
    .search_words = ews_search_words,
    .quota = ews_quota,
    .comment_get = ews_comment_get,
    .comment_set = ews_comment_set,
    .permissions_get = ews_permissions_get,
    .permissions_set = ews_permissions_set,
    .categories = ews_categories,
    .at_store = ews_at_store,
    .store_folders = ews_store_folders,
    .objects = &ews_objects,
    .directory = &ews_directory,
    .watch_means = ews_watch_means,
    .watch_begin = ews_watch_begin,
    .watch_listen = ews_watch_listen,
    .watch_hush = ews_watch_hush,
    .watch_ask = ews_watch_ask,
    .watch_end = ews_watch_end,
};
