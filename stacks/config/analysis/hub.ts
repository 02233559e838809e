import { z } from "zod";

import { LOGIN_KINDS } from "../../../components/analysis/hub/login";
import { count, name, taggedImage } from "../fields";
import { placementSchema } from "./placement";

const amount = z.strictObject({
  guarantee: z.number().positive().describe("What the server has for itself."),
  limit: z.number().positive().optional().describe("What it may take where a node has more. Default: the guarantee."),
});
const quota = z.record(z.string(), z.string());
const url = z.url({ protocol: /^https$/, error: "an https URL" });

const profileSchema = z
  .strictObject({
    displayName: z.string().min(1).describe("As users see it. In place."),
    description: z.string().min(1).optional().describe("One line below it. Default: none. In place."),
    image: taggedImage.describe("Image of the server. New servers have it."),
    cores: amount.describe("Cores, such as 0.5. New servers have it."),
    memoryGiB: amount.describe("Memory in GiB. New servers have it."),
    gpus: count(0, 16).default(0).describe("GPUs of NVIDIA's. New servers have it."),
    placement: placementSchema
      .optional()
      .describe("On which nodes. Default: every one without taints. New servers have it."),
    spark: z.boolean().default(false).describe("Whether its notebooks may start Spark executors. New servers have it."),
  })
  .describe("What a user can choose.");

const loginSchema = z
  .strictObject({
    kind: z
      .enum(LOGIN_KINDS)
      .describe(
        "`oidc`: an OpenID Connect provider, also the one that Keystone is federated with; `keystone`: its own names and passwords; `native`: the hub's own; `shared-password`: one for all. In place.",
      ),
    oidc: z
      .strictObject({
        clientId: z.string().min(1).describe("Client that is registered for the hub. In place."),
        clientSecret: z.string().min(1).describe("Its secret; a secret. In place."),
        authorizeUrl: url.describe("Where users are sent to. In place."),
        tokenUrl: url.describe("Where codes are exchanged for tokens. In place."),
        userinfoUrl: url.describe("Where the hub asks who a user is. In place."),
        usernameClaim: z
          .string()
          .min(1)
          .optional()
          .describe(
            "Claim that is the user's name. Default: `preferred_username`. Users of another name are other users.",
          ),
        groupsClaim: z.string().min(1).optional().describe("Claim that lists groups. Default: `groups`. In place."),
        scopes: z.array(z.string().min(1)).optional().describe("Default: `openid`, `profile`, `email`. In place."),
        callbackUrl: z.url().optional().describe("Where users come back to. Default: that of `expose.host`. In place."),
      })
      .optional()
      .describe("Needed with `kind: oidc`."),
    keystone: z
      .strictObject({
        authUrl: url.describe("Keystone's address with its version, `…/v3`. In place."),
        domain: z.string().min(1).optional().describe("Domain of users who name none. Default: `Default`. In place."),
        project: z
          .string()
          .min(1)
          .optional()
          .describe("Project that a user must have a role in. Default: any user of the domain. In place."),
        projectDomain: z.string().min(1).optional().describe("The project's domain. Default: that of users. In place."),
      })
      .optional()
      .describe("Needed with `kind: keystone`."),
    accept: z.array(z.string()).default([]).describe("`native` or `shared-password`, given up knowingly. In place."),
    users: z.array(z.string().min(1)).default([]).describe("Users who may log in. In place."),
    groups: z
      .array(z.string().min(1))
      .default([])
      .describe("Groups, or with Keystone roles in the project, whose users may log in. In place."),
    everyone: z.boolean().default(false).describe("Whether everybody may whom the provider knows. In place."),
    admins: z.array(z.string().min(1)).default([]).describe("Administrators. In place."),
  })
  .describe("Who may log in, and how that is proved.");

const sparkSchema = z
  .strictObject({
    image: taggedImage.describe(
      "Image of executors; its Spark and Python must be the profiles'. New sessions have it.",
    ),
    maxExecutors: count(1, 10_000).default(10).describe("Executors of a session at once. New sessions have it."),
    conf: z
      .record(z.string(), z.string())
      .default({})
      .describe("Spark's properties of sessions. New sessions have them."),
    placement: placementSchema.optional().describe("On which nodes executors run. New sessions have it."),
    user: count(1, 65_535)
      .optional()
      .describe("User of executors' containers. Default: 185, as Apache's images have it."),
    dataPorts: z
      .array(count(1, 65_535))
      .default([443])
      .describe("TCP ports that executors may reach outside the cluster. In place."),
    quota: quota.optional().describe('Quota of the executors\' namespace, such as `limits.cpu: "200"`. In place.'),
  })
  .describe("Sessions of Spark whose driver is the notebook and whose executors run in the cluster.");

export const hubSchema = z
  .strictObject({
    namespace: name.default("jupyterhub").describe("Namespace, made for it. REPLACES the hub and users' volumes."),
    profiles: z.record(name, profileSchema).describe("What users choose from, by key, in this order."),
    defaultProfile: name.describe("Key of the profile of users who do not choose. In place."),
    groupProfiles: z
      .record(z.string(), z.array(name))
      .default({})
      .describe("Profiles that only these groups see, by group. Default: everybody sees all. In place."),
    login: loginSchema,
    home: z
      .strictObject({
        storageClass: z
          .string()
          .min(1)
          .optional()
          .describe("Storage class. Default: the cluster's. New volumes have it."),
        size: z
          .string()
          .regex(/^[1-9]\d*(Mi|Gi|Ti)$/, "a quantity such as 10Gi")
          .describe("Size. New volumes have it."),
      })
      .optional()
      .describe("A volume for each user. Default: none, and nothing is kept."),
    idle: z
      .strictObject({
        after: count(0, 31_536_000)
          .default(3600)
          .describe("Seconds after which an unused server stops; 0 never. In place."),
        every: count(10, 86_400).default(600).describe("Seconds between looks. In place."),
        atMost: count(0, 31_536_000).default(0).describe("Seconds after which any server stops; 0 never. In place."),
        removeNamedServers: z
          .boolean()
          .default(true)
          .describe("Whether a stopped named server is forgotten. In place."),
      })
      .prefault({})
      .describe("When servers are stopped."),
    namedServers: count(0, 100).default(0).describe("Servers that a user may have beside the first. In place."),
    startTimeout: count(30, 7200).default(600).describe("Seconds that a server may take to start. In place."),
    prePull: z.boolean().default(true).describe("Whether nodes pull images before they are asked for. In place."),
    packUsers: z
      .boolean()
      .default(false)
      .describe("Whether servers fill one node before another, by a scheduler of the hub's own. In place."),
    spark: sparkSchema.optional(),
    expose: z
      .strictObject({
        host: z.string().min(1).describe("Host under which users reach it. In place."),
        ingressClass: z.string().min(1).optional().describe("Class of the ingress. Default: the cluster's. In place."),
        tlsSecret: z.string().min(1).optional().describe("Secret with its certificate. In place."),
        clusterIssuer: z.string().min(1).optional().describe("cert-manager's issuer of it, instead. In place."),
        annotations: z.record(z.string(), z.string()).optional().describe("Annotations of the ingress. In place."),
      })
      .optional()
      .describe("Where users reach it from outside. Default: nowhere, it has an address in the cluster only."),
    quota: quota
      .optional()
      .describe("Quota of its namespace, such as `limits.memory: 500Gi`. Default: none. In place."),
  })
  .describe("JupyterHub.");

export type HubConfig = z.output<typeof hubSchema>;
