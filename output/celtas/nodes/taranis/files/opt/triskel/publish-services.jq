# Services and nodes, as the API lists them → haproxy's configuration, and what is refused; see publish-services.
($ports | split(" ") | map(split("-") | map(tonumber))) as $ports
| ($busy | split(" ") | map(select(. != "") | tonumber)) as $busy
| ($families | split(" ")) as $families
# Nodes that take workloads, by the taints that keep these off; what else a node does is for haproxy to check.
| ($nodes[0].items
    | map(select((.spec.taints // []) | map(select(.key | test("^node-role\\.kubernetes\\.io/(control-plane|etcd)$"))) | length == 0)
      | select((.metadata.labels // {})["node.kubernetes.io/exclude-from-external-load-balancers"] == null)
      | select(.metadata.name | test("^[a-z0-9][a-z0-9.-]{0,252}$"))
      | {name: .metadata.name,
         addresses: [(.status.addresses // [])[] | select(.type == "InternalIP") | .address | select(test("^[0-9a-fA-F.:]+$"))]})
    | sort_by(.name)) as $workers
# [{public, service, nodePort, family}] and {refused}, of one service.
| def wishes:
    "\(.metadata.namespace)/\(.metadata.name)" as $service
    | .metadata.annotations["triskel.dev/publish"] as $value
    | (.spec.ipFamilies // ["IPv4"])[0] as $family
    | .spec.type as $type
    | (.spec.ports // []) as $own
    | if ($service | test("^[a-z0-9-]+/[a-z0-9.-]+$") | not) then {refused: "a service has a name that none can have"}
      elif $type != "NodePort" and $type != "LoadBalancer" then
        {refused: "\($service): it is of type \($type), and only what has node ports can be published"}
      else
        (if $value == "true" then $own | map({public: .port, target: .port})
         else $value | split(",") | map(gsub("^ +| +$"; "")) | map(
           if test("^[0-9]{1,5}$") then {public: tonumber, target: tonumber}
           elif test("^[0-9]{1,5}:[a-z0-9-]+$") then split(":") | {public: (.[0] | tonumber), target: (.[1] | tonumber? // .)}
           else {refused: "\($service): \"\(.[0:40] | gsub("[^ -~]"; "?"))\" is neither a port, nor port:name"} end)
         end)[]
        | if .refused then .
          else .public as $public | .target as $target
            | ($own | map(select(.port == $target or .name == $target))[0]) as $port
            | if $public < 1 or $public > 65535 then {refused: "\($service): \($public) is no port"}
              elif $port == null then {refused: "\($service): it has no port \($target)"}
              elif ($port.protocol // "TCP") != "TCP" then {refused: "\($service): port \($target) is \($port.protocol), and haproxy forwards TCP alone"}
              elif $port.nodePort == null then {refused: "\($service): port \($target) has no node port"}
              else {public: $public, service: $service, nodePort: $port.nodePort, family: $family} end
          end
      end;
# The older of two services keeps the port that both want: nobody takes one that is in use.
($services[0].items
  | map(select((.metadata.annotations // {})["triskel.dev/publish"] != null))
  | sort_by([.metadata.creationTimestamp, .metadata.namespace, .metadata.name])
  | [.[] | wishes])
| reduce .[] as $wish ({accepted: [], refused: []};
    if $wish.refused then .refused += [$wish.refused]
    elif $ports | any(.[]; .[0] <= $wish.public and $wish.public <= .[1]) | not then
      .refused += ["\($wish.service): port \($wish.public) is none of publishedServices.ports"]
    else ([.accepted[] | select(.public == $wish.public)][0]) as $other
      | if $other != null then .refused += ["\($wish.service): port \($wish.public) is published by \($other.service) already"]
        elif $busy | index($wish.public) then .refused += ["\($wish.service): another program of this machine listens at port \($wish.public)"]
        else .accepted += [$wish] end
    end)
| {refused: (.refused | join("\n")),
   says: (.accepted | map("\(.public) \(.service)") | join(", ")),
   config: (["# Services of the cluster that are published here; written by publish-services."]
     + (.accepted | sort_by(.public) | map(. as $it
       | ["", "# \(.service)", "frontend published-\(.public)"]
       + (if $families | index("ipv4") then ["    bind 0.0.0.0:\(.public)"] else [] end)
       + (if $families | index("ipv6") then ["    bind [::]:\(.public) v6only"] else [] end)
       + ["    option tcplog", "    default_backend published-\(.public)", "", "backend published-\(.public)", "    balance leastconn",
          "    default-server check inter 2s fall 3 rise 2 on-marked-down shutdown-sessions"]
       + ($workers | map(.name as $name
           | ([.addresses[] | select(test(":") == ($it.family == "IPv6"))][0]) as $address
           | select($address != null)
           | if $it.family == "IPv6" then "    server \($name) [\($address)]:\($it.nodePort)"
             else "    server \($name) \($address):\($it.nodePort)" end)))
     | add // [])
     | join("\n"))}
