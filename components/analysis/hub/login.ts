/** Who may log in, and how that is proved. */

export const LOGIN_KINDS = ["oidc", "keystone", "native", "shared-password"] as const;
export type LoginKind = (typeof LOGIN_KINDS)[number];

export interface HubOidc {
  /** Client that is registered for the hub. In place. */
  clientId: string;
  /** Where users are sent to. In place. */
  authorizeUrl: string;
  /** Where the hub exchanges codes for tokens. In place. */
  tokenUrl: string;
  /** Where the hub asks who a user is. In place. */
  userinfoUrl: string;
  /** Claim that is the user's name. Default `preferred_username`. In place; users of another name are other users. */
  usernameClaim?: string;
  /** Claim that lists the user's groups. Default `groups`. In place. */
  groupsClaim?: string;
  /** Default `openid`, `profile`, `email`. In place. */
  scopes?: string[];
  /** Where users come back to. Default: that of the hub's own address. In place. */
  callbackUrl?: string;
}

export interface HubKeystone {
  /** Keystone's address with its version, such as `https://keystone.example.org:5000/v3`. In place. */
  authUrl: string;
  /** Domain of users who name none; others are `domain\name`. Default `Default`. In place. */
  domain?: string;
  /** Project that a user must have a role in. Default: any user of the domain. In place. */
  project?: string;
  /** Domain of the project. Default: that of users. In place. */
  projectDomain?: string;
}

export interface HubLogin {
  /**
   * `oidc`: any OpenID Connect provider, also the one that Keystone is federated with. `keystone`: Keystone's own names
   * and passwords. `native`: the hub's own, which users sign up for. `shared-password`: one for all. In place.
   */
  kind: LoginKind;
  /** Needed with `oidc`. */
  oidc?: HubOidc;
  /** Needed with `keystone`. */
  keystone?: HubKeystone;
  /** Promises that are given up knowingly: the kind's own name, for `native` and `shared-password`. */
  accept?: string[];
  /** Users who may log in. Default: nobody by name. In place. */
  users?: string[];
  /** Groups (`oidc`), or roles in the project (`keystone`), whose users may log in. Default: none. In place. */
  groups?: string[];
  /** Whether everybody may whom the provider knows. Default `false`. In place. */
  everyone?: boolean;
  /** Administrators, who see and stop everybody's servers. Default: none. In place. */
  admins?: string[];
}

/** Sections of the hub's configuration that say a login; secrets are not among them. */
export function loginConfig(login: HubLogin, callback: string | undefined): Record<string, Record<string, unknown>> {
  const { users = [], groups = [], everyone = false, admins = [] } = login;
  const common = { allow_all: everyone, allowed_users: users, admin_users: admins };
  switch (login.kind) {
    case "oidc":
      return {
        JupyterHub: { authenticator_class: "generic-oauth" },
        GenericOAuthenticator: { ...common, allowed_groups: groups, ...oidcConfig(login.oidc as HubOidc, callback) },
      };
    case "keystone":
      // Its class is defined by `keystone_authenticator.py`.
      return {
        KeystoneAuthenticator: { ...common, allowed_groups: groups, ...keystoneConfig(login.keystone as HubKeystone) },
      };
    case "native":
      return {
        JupyterHub: { authenticator_class: "native" },
        // Those who sign up wait for an administrator.
        NativeAuthenticator: {
          ...common,
          open_signup: false,
          minimum_password_length: 12,
          check_common_password: true,
        },
      };
    case "shared-password":
      return { JupyterHub: { authenticator_class: "dummy" }, DummyAuthenticator: common };
  }
}

function oidcConfig(oidc: HubOidc, callback: string | undefined): Record<string, unknown> {
  const groups = oidc.groupsClaim ?? "groups";
  return {
    ...{ client_id: oidc.clientId, oauth_callback_url: oidc.callbackUrl ?? callback },
    ...{ authorize_url: oidc.authorizeUrl, token_url: oidc.tokenUrl, userdata_url: oidc.userinfoUrl },
    ...{
      username_claim: oidc.usernameClaim ?? "preferred_username",
      scope: oidc.scopes ?? ["openid", "profile", "email"],
    },
    // JupyterHub's own groups follow the provider's: profiles are given by them.
    ...{ manage_groups: true, auth_state_groups_key: `oauth_user.${groups}` },
  };
}

function keystoneConfig({ authUrl, domain = "Default", project, projectDomain }: HubKeystone): Record<string, unknown> {
  return {
    ...{ auth_url: authUrl.replace(/\/+$/, ""), user_domain: domain, manage_groups: true },
    ...(project !== undefined && { project, project_domain: projectDomain ?? domain }),
  };
}

/** Everything that is wrong with a login, each with its fix. */
export function loginFindings(login: HubLogin, at: string, callback: string | undefined): string[] {
  const { kind, accept = [], users = [], groups = [], everyone = false, admins = [] } = login;
  if (!LOGIN_KINDS.includes(kind))
    return [`\`${at}.kind\` must be one of ${LOGIN_KINDS.join(", ")}, got \`${String(kind)}\`.`];
  const findings = kind === "oidc" ? oidcFindings(login.oidc, at, callback) : [];
  if (kind === "keystone") findings.push(...keystoneFindings(login, at));
  if ((kind === "native" || kind === "shared-password") && !accept.includes(kind))
    findings.push(
      `\`${at}.kind: ${kind}\` ${kind === "native" ? "keeps passwords in the hub" : "lets everybody be anybody who knows one password"}. Use \`oidc\` or \`keystone\`, or say \`accept: [${kind}]\`.`,
    );
  if (groups.length > 0 && (kind === "native" || kind === "shared-password"))
    findings.push(`\`${at}.groups\` is known by no \`${kind}\` login. Name \`users\` instead.`);
  if (!everyone && users.length === 0 && groups.length === 0 && admins.length === 0)
    findings.push(
      `\`${at}\` lets nobody in. Name \`users\` or \`groups\`, or say \`everyone: true\` for all whom the provider knows.`,
    );
  return findings;
}

function oidcFindings(oidc: HubOidc | undefined, at: string, callback: string | undefined): string[] {
  if (oidc === undefined)
    return [`\`${at}.oidc\` is missing; \`kind: oidc\` needs the provider's addresses and the hub's client id.`];
  const findings = (["authorizeUrl", "tokenUrl", "userinfoUrl"] as const)
    .filter((field) => !/^https:\/\/[^\s/]+/.test(oidc[field]))
    .map(
      (field) => `\`${at}.oidc.${field}\` must be an https URL, got \`${oidc[field]}\`. Codes and tokens pass there.`,
    );
  if (oidc.callbackUrl === undefined && callback === undefined)
    findings.push(
      `\`${at}.oidc.callbackUrl\` is missing: without an address of its own the hub does not know where users come back to. Give it, such as \`http://localhost:8000/hub/oauth_callback\` for a forwarded port, or expose the hub.`,
    );
  return findings;
}

function keystoneFindings({ keystone, groups = [] }: HubLogin, at: string): string[] {
  if (keystone === undefined)
    return [
      `\`${at}.keystone\` is missing; \`kind: keystone\` needs \`authUrl\`, such as \`https://keystone.example.org:5000/v3\`.`,
    ];
  const findings: string[] = [];
  if (!/^https:\/\/[^\s/]+.*\/v3\/?$/.test(keystone.authUrl))
    findings.push(
      `\`${at}.keystone.authUrl\` must be an https URL that ends in \`/v3\`, got \`${keystone.authUrl}\`. Passwords pass there.`,
    );
  if (groups.length > 0 && keystone.project === undefined)
    findings.push(
      `\`${at}.groups\` are roles in a project with Keystone; \`${at}.keystone.project\` is missing. Name it.`,
    );
  return findings;
}
