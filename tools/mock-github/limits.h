/* Every limit of the mock GitHub, in one place. */
#ifndef MOCK_LIMITS_H
#define MOCK_LIMITS_H

enum {
    /* HTTP */
    MOCK_CONNECTIONS_MAX = 4096,
    MOCK_BACKLOG = 1024,
    MOCK_IDLE_SECONDS = 300,            /* a connection without a request, or a stuck one */
    MOCK_CONNECTION_MEMORY = 64 * 1024, /* bytes, all headers of a request and its answer */
    MOCK_TARGET_MAX = 16 * 1024,        /* bytes of a request target */
    MOCK_HEADERS_MAX = 128,             /* fields of one request */
    MOCK_SEGMENTS_MAX = 32,             /* parts of a path */
    MOCK_PARAMETERS_MAX = 64,           /* of a query */
    MOCK_FIELDS_MAX = 48,               /* header fields of one answer */
    MOCK_REQUEST_MAX = 4 * 1024 * 1024, /* bytes of a request body */
    MOCK_BODY_MAX = 256 * 1024 * 1024,  /* bytes of an answer, before coding */
    MOCK_DELAY_MAX_MS = 600 * 1000,     /* longest latency */
    MOCK_CHUNK_MAX = 64 * 1024,         /* bytes handed to the HTTP library at once */
    MOCK_TEXT_MAX = 1024,               /* bytes of a made header value or path */

    /* What is served */
    MOCK_LIST_MAX = 20000,            /* elements of one list */
    MOCK_ITEM_MAX = 32 * 1024 * 1024, /* bytes of one element */
    MOCK_REPOSITORIES_MAX = 5000,
    MOCK_FILES_MAX = 512,   /* of one repository */
    MOCK_FOLDERS_MAX = 15,  /* around one file */
    MOCK_PAGE_DEFAULT = 30, /* GitHub's per_page */
    MOCK_PAGE_MAX = 100,
    MOCK_ADD_MAX = 1000, /* elements added by one change */

    /* Who asks */
    MOCK_TOKENS_MAX = 20000,
    MOCK_TOKEN_REPOS_MAX = 256, /* named by one token's rules */
    MOCK_OWNERS_MAX = 20000,    /* quota owners */

    /* What is remembered */
    MOCK_LOG_MAX = 200000, /* records */
    MOCK_LOG_BYTES_MAX = 128 * 1024 * 1024,
    MOCK_LOG_ANSWER_DEFAULT = 10000, /* records in one answer */
    MOCK_STATS_PATHS_MAX = 20000,
    MOCK_WATCHES_MAX = 20000, /* targets whose versions are kept */
    MOCK_VERSIONS_MAX = 4096, /* kept of one target */
    MOCK_FAULTS_MAX = 64,

    /* GraphQL */
    MOCK_GRAPHQL_FIELDS_MAX = 2000,
    MOCK_GRAPHQL_DEPTH_MAX = 32,
};

#endif
