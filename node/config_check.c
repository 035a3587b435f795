/* One function for each setting with a form of its own, and a table that names them. */
#include "node/config_check.h"

#include <errno.h>
#include <string.h>

#include <sys/un.h>
#include <unistd.h>

#include "base/slice.h"
#include "node/config_path.h"

enum {
    REGION_MAX = 16,     /* bytes; an announcement has room for so many */
    NAME_MAX_SIZE = 253, /* bytes of a host name (RFC 1035, 2.3.4, as text) */
    PORT_MAX = 65535,
};

static bool is_alphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Letters, digits and the marks given, at least one of them. */
static bool consists_of(struct slice text, const char *marks)
{
    for (size_t i = 0; i < text.size; i++)
        if (!is_alphanumeric(text.data[i]) && (!text.data[i] || !strchr(marks, text.data[i])))
            return false;
    return text.size > 0;
}

static bool is_region(struct slice text)
{
    return text.size <= REGION_MAX && consists_of(text, ".-_");
}

static bool is_host_name(struct slice text)
{
    return text.size <= NAME_MAX_SIZE && consists_of(text, ".-_") && text.data[0] != '-' &&
           text.data[0] != '.';
}

/* Takes the host off the front of "HOST[:PORT]" or "[v6][:PORT]"; brackets are dropped. */
static bool split_authority(struct slice text, struct slice *ret_host, struct slice *ret_port)
{
    if (!slice_starts_with(text, slice_of("["))) {
        *ret_host = slice_next(&text, ':');
        *ret_port = text;
        return true;
    }
    text = slice_skip(text, 1);
    *ret_host = slice_next(&text, ']');
    if (!text.data || (text.size && text.data[0] != ':'))
        return false;
    *ret_port = text.size ? slice_skip(text, 1) : (struct slice){0};
    return true;
}

static bool is_port(struct slice text)
{
    uint64_t port;
    return slice_to_u64(text, PORT_MAX, &port) && port > 0;
}

static bool is_upstream(struct slice text)
{
    const struct slice https = slice_of("https://"), http = slice_of("http://");
    const bool plain = slice_starts_with(text, http);
    struct slice host, port;
    struct node_address address = {0};
    if (!plain && !slice_starts_with(text, https))
        return false;
    if (!split_authority(slice_skip(text, plain ? http.size : https.size), &host, &port))
        return false;
    if (port.data && !is_port(port))
        return false;
    const bool numeric = node_address_parse_host(host, &address) == 0;
    if (!numeric && !is_host_name(host))
        return false;
    return !plain || slice_equals_nocase(host, slice_of("localhost")) ||
           (numeric && node_address_is_loopback(&address));
}

static bool is_numeric_or_empty(struct slice text)
{
    struct node_address address;
    return text.size == 0 || node_address_parse_host(text, &address) == 0;
}

/* Whether the text is empty or each of its comma separated parts is accepted. */
static bool each_part(struct slice text, bool (*accepts)(struct slice))
{
    while (text.size)
        if (!accepts(slice_trim(slice_next(&text, ','))))
            return false;
    return true;
}

static bool is_host_part(struct slice text)
{
    struct slice host, port;
    struct node_address address;
    if (node_address_parse_host(text, &address) == 0)
        return true;
    if (!split_authority(text, &host, &port) || (port.data && !is_port(port)))
        return false;
    return is_host_name(host) || node_address_parse_host(host, &address) == 0;
}

static bool is_hosts(struct slice text)
{
    return each_part(text, is_host_part);
}

static bool is_user_agent_part(struct slice text)
{
    return text.size > 0;
}

static bool is_user_agents(struct slice text)
{
    return each_part(text, is_user_agent_part);
}

/* A multiaddr is judged by what dials it. */
static bool is_peer_part(struct slice text)
{
    struct slice host, port;
    if (slice_starts_with(text, slice_of("/")))
        return consists_of(text, "/.:-_");
    return split_authority(text, &host, &port) && is_port(port) && is_host_part(text);
}

static bool is_peers(struct slice text)
{
    return each_part(text, is_peer_part);
}

static bool is_rendezvous_part(struct slice text)
{
    struct slice rest = text;
    const struct slice kind = slice_next(&rest, ':');
    if (!rest.data)
        return slice_equals(kind, slice_of("host")) || slice_equals(kind, slice_of("lan")) ||
               slice_equals(kind, slice_of("none"));
    if (slice_equals(kind, slice_of("dns")))
        return is_host_name(rest);
    if (slice_equals(kind, slice_of("github"))) {
        const struct slice owner = slice_next(&rest, '/');
        return is_host_name(owner) && consists_of(rest, ".-_");
    }
    return slice_equals(kind, slice_of("dir")) && slice_starts_with(rest, slice_of("/"));
}

static bool is_rendezvous(struct slice text)
{
    return text.size > 0 && each_part(text, is_rendezvous_part);
}

static bool is_socket_path(struct slice text)
{
    return text.size > 0 && text.size < sizeof((struct sockaddr_un *)NULL)->sun_path;
}

static bool is_folder_path(struct slice text)
{
    return text.size > 0 && !slice_equals(text, slice_of(NODE_CONFIG_PATH_NONE));
}

static bool is_readable(struct slice text)
{
    char *path = slice_copy(text);
    const bool readable = path && access(path, R_OK) == 0;
    free(path);
    return readable;
}

static bool is_ca_file(struct slice text)
{
    return text.size == 0 || is_readable(text);
}

static bool is_join(struct slice text)
{
    if (slice_starts_with(text, slice_of("@")))
        return is_readable(slice_skip(text, 1));
    return text.size == 0 || slice_starts_with(text, slice_of(NODE_CONFIG_TOKEN_PREFIX));
}

struct check {
    enum node_config_id id;
    bool (*accepts)(struct slice value);
    const char *remedy;
};

static const struct check checks[] = {
    {NODE_CONFIG_node_region, is_region, "1 to 16 letters, digits, dots, dashes or underscores"},
    {NODE_CONFIG_store_dir, is_folder_path, "a folder"},
    {NODE_CONFIG_http_socket, is_socket_path,
     "a path of at most 107 bytes, such as --socket /tmp/runmesh/http.sock, or none"},
    {NODE_CONFIG_http_hosts, is_hosts, "host names or addresses, comma separated"},
    {NODE_CONFIG_http_rewrite_for, is_user_agents, "parts of User-Agent, comma separated"},
    {NODE_CONFIG_github_upstream, is_upstream,
     "https://HOST[:PORT], or http:// to a loopback address, without user, path and query"},
    {NODE_CONFIG_github_ca_file, is_ca_file, "a readable file"},
    {NODE_CONFIG_fleet_dir, is_folder_path, "a folder"},
    {NODE_CONFIG_fleet_join, is_join, "@FILE with a readable file that holds a join token"},
    {NODE_CONFIG_mesh_bind, is_numeric_or_empty, "a numeric address, or nothing"},
    {NODE_CONFIG_dht_peers, is_peers, "host:port or multiaddrs, comma separated"},
    {NODE_CONFIG_dht_rendezvous, is_rendezvous,
     "host, lan, dns:NAME, github:OWNER/REPO, dir:/PATH, comma separated, or none"},
};

/* A value that may hold a secret stays out of messages: a token, or the user of an URL. */
static bool is_shown(const struct node_config_row *row, struct slice value)
{
    if (row->type == NODE_CONFIG_SECRET)
        return slice_starts_with(value, slice_of("@"));
    return row->type == NODE_CONFIG_PATH || !slice_contains_nocase(value, slice_of("@"));
}

int node_config_check_values(struct node_config *config, struct node_config_error *ret_error)
{
    char *upstream = config->github_upstream;
    if (slice_ends_with(slice_of(upstream), slice_of("/")))
        upstream[strlen(upstream) - 1] = '\0';
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        const struct node_config_row *row = node_config_row_at(checks[i].id);
        const struct slice value = slice_of(*(char *const *)((const char *)config + row->offset));
        if (checks[i].accepts(value))
            continue;
        return node_config_error_set(ret_error, NODE_CONFIG_EXIT_CONFIG, "%s: \"%s\": give %s",
                                     row->key, is_shown(row, value) ? value.data : "(not shown)",
                                     checks[i].remedy);
    }
    return 0;
}

void node_config_check_warn(const struct node_config *config, FILE *out)
{
    char listen[NODE_ADDRESS_TEXT_SIZE];
    const struct node_config_given *join = &config->given[NODE_CONFIG_fleet_join];
    const char *token = config->fleet_join;
    if (join->origin == NODE_CONFIG_ORIGIN_COMMAND_LINE && token[0] && token[0] != '@')
        fprintf(out, "mesh-node: warning: fleet.join: a token on the command line could be read by "
                     "others on this host: give --join @FILE or RUNMESH_FLEET_JOIN\n");
    if (node_address_is_none(&config->http_listen) ||
        node_address_is_loopback(&config->http_listen))
        return;
    node_address_format(&config->http_listen, listen);
    fprintf(out,
            "mesh-node: warning: http.listen: %s is no loopback address: tokens of clients "
            "elsewhere travel in the clear\n",
            listen);
}
